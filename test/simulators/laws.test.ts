import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findKind, KINDS } from '../../devices/index.ts'
import { HOUR_MS } from '../../domain/clock.ts'
import { decode } from '../../ingest/decode.ts'
import { firstDevice, live, MIDNIGHT, simulations, telemetryOf } from './support.ts'

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const hour = fc.integer({ min: 0, max: 23 })
const text = new TextEncoder()

describe('every kind', () => {
  it('has a simulator in its folder', () => {
    expect([...simulations.keys()]).toEqual(KINDS.map(({ kind }) => kind))
  })

  it.each(KINDS.map(({ kind }) => kind))('%s says only what its kind understands, whatever happens to it', (kind) => {
    const device = firstDevice(kind)
    const inputs = Object.keys(simulations.get(kind)!.inputs).filter((name) => name !== 'fault')
    fc.assert(
      fc.property(seed, hour, fc.array(fc.constantFrom(...inputs), { maxLength: 6 }), (s, h, names) => {
        const steps = live({
          device,
          seed: s,
          steps: 90,
          at: MIDNIGHT + h * HOUR_MS,
          meanwhile: (state, step, simulation) =>
            step % 11 === 5 && names[Math.floor(step / 11)] ? simulation.inputs[names[Math.floor(step / 11)]!]!(state, {}) : state,
        })
        for (const { messages } of steps)
          for (const { channel, payload } of messages) {
            const entry = {
              seq: 1,
              receivedAt: payload.ts,
              client: 'gw.e.g',
              topic: `estates/e/${kind}/d/${channel}`,
              payload: text.encode(JSON.stringify(payload)),
            }
            const outcomes = decode(entry, { findDevice: () => true, rawDays: 30 })
            expect(outcomes.filter((outcome) => !outcome.ok || outcome.unknownFields.length > 0)).toEqual([])
          }
      }),
      { numRuns: 25 },
    )
  })

  it.each(KINDS.map(({ kind }) => kind))('%s sends every field its kind has, and reports in time', (kind) => {
    const definition = findKind(kind)!
    const stepMs = simulations.get(kind)!.stepMs
    const steps = live({ device: firstDevice(kind), seed: 3, steps: Math.ceil((7 * HOUR_MS) / stepMs), at: MIDNIGHT + 7 * HOUR_MS })
    const sent = telemetryOf(steps)
    const optional = new Set(['chainage_m']) // only while something is wrong with the wire
    expect(Object.keys(definition.fields).filter((name) => !optional.has(name) && !(name in sent[0]!))).toEqual([])
    const late = sent.filter((payload, i) => i > 0 && payload.ts - sent[i - 1]!.ts > definition.expectedIntervalMs(sent[i - 1]!))
    expect(late).toEqual([])
  })

  it('gives the same messages for the same seed, and others for another', () => {
    for (const { kind } of KINDS) {
      const run = (s: number) => JSON.stringify(live({ device: firstDevice(kind), seed: s, steps: 3000 }).map(({ messages }) => messages))
      expect(run(7)).toBe(run(7))
      expect(run(7)).not.toBe(run(8))
    }
  })

  it('never bears the same instant twice in its telemetry', () => {
    for (const { kind } of KINDS) {
      const instants = telemetryOf(live({ device: firstDevice(kind), seed: 5, steps: 2000 })).map(({ ts }) => ts)
      expect(new Set(instants).size).toBe(instants.length)
    }
  })
})

describe('a lift', () => {
  const lift = firstDevice('elevator')
  const floors = lift.site['floors'] as readonly number[]

  it('moves only behind a closed door, one floor after the other, and stays in its shaft', () => {
    fc.assert(
      fc.property(seed, hour, (s, h) => {
        const sent = telemetryOf(live({ device: lift, seed: s, steps: 1800, at: MIDNIGHT + h * HOUR_MS }))
        for (const [i, now] of sent.entries()) {
          const before = sent[i - 1]
          if (now['speed_mps'] !== 0) expect(now['door']).toBe('closed')
          expect(now['speed_mps'] !== 0).toBe(now['direction'] !== 'none')
          expect(floors).toContain(now['floor'])
          if (before) expect(Math.abs(floors.indexOf(now['floor'] as number) - floors.indexOf(before['floor'] as number))).toBeLessThan(2)
          if (now['door'] !== 'closed') expect(now['in_door_zone']).toBe(true)
          if (before) expect(now['run_count']).toBeGreaterThanOrEqual(before['run_count'] as number)
          if (before) expect(now['door_cycles']).toBeGreaterThanOrEqual(before['door_cycles'] as number)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('nobody gets in or out while the door is closed', () => {
    const sent = telemetryOf(live({ device: lift, seed: 11, steps: 7200, at: MIDNIGHT + 18 * HOUR_MS }))
    const swaps = sent.filter((now, i) => i > 0 && now['passenger'] !== sent[i - 1]!['passenger'])
    expect(swaps.length).toBeGreaterThan(4)
    expect(swaps.filter((now) => now['door'] === 'closed')).toEqual([])
  })

  it('is ridden much more in the morning than at night', () => {
    const runs = (h: number) => {
      const sent = telemetryOf(live({ device: lift, seed: 2, steps: 3 * 3600, at: MIDNIGHT + h * HOUR_MS }))
      return (sent.at(-1)!['run_count'] as number) - (sent[0]!['run_count'] as number)
    }
    expect(runs(7)).toBeGreaterThan(4 * Math.max(1, runs(1)))
  })

  it('with a person shut in does not move, stays shut and outside the door zone until it is released', () => {
    const steps = live({
      device: lift,
      seed: 4,
      steps: 600,
      at: MIDNIGHT + 8 * HOUR_MS,
      meanwhile: (state, step, simulation) =>
        step === 60 ? simulation.inputs['shut-in']!(state, {}) : step === 400 ? simulation.inputs['release']!(state, {}) : state,
    })
    const shut = telemetryOf(steps.slice(60, 400))
    expect(shut.every((now) => now['speed_mps'] === 0 && now['door'] === 'closed' && now['passenger'] === true)).toBe(true)
    expect(shut.every((now) => now['in_door_zone'] === false)).toBe(true)
    expect(steps[60]!.messages[0]).toMatchObject({ channel: 'event', payload: { scheme: 'retrofit-box', code: '1', active: true } })
    expect(steps[400]!.messages[0]).toMatchObject({ channel: 'event', payload: { code: '1', active: false } })
    expect(telemetryOf(steps.slice(400)).some((now) => now['door'] === 'open' && now['passenger'] === false)).toBe(true)
  })

  it('on a long run with a passenger is never seen standing', () => {
    const steps = live({
      device: lift,
      seed: 4,
      steps: 300,
      meanwhile: (state, step, simulation) => (step === 10 ? simulation.inputs['long-run']!(state, { seconds: 240 }) : state),
    })
    const run = telemetryOf(steps.slice(10, 249))
    expect(run.length).toBeGreaterThan(230)
    expect(run.every((now) => now['passenger'] === true && now['door'] === 'closed' && now['speed_mps'] !== 0)).toBe(true)
    expect(telemetryOf(steps.slice(250)).some((now) => now['door'] === 'open')).toBe(true)
  })
})

describe('a fence zone', () => {
  const zone = firstDevice('fence-zone')

  it('stands around 6.4 kV, lower in rain, and never under its limit of 5.5 kV by weather alone', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 364 }), (s, day) => {
        const kv = (mm: number | undefined) =>
          telemetryOf(
            live({
              device: zone,
              seed: s,
              steps: 600,
              at: MIDNIGHT + day * 24 * HOUR_MS,
              meanwhile: (state, step, simulation) =>
                step === 0 && mm !== undefined ? simulation.inputs['rain']!(state, { mm_per_h: mm }) : state,
            }),
          ).map((now) => now['voltage_kv'] as number)
        const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
        const [dry, wet] = [kv(0), kv(40)]
        expect(mean(dry)).toBeGreaterThan(6.1)
        expect(mean(dry)).toBeLessThan(6.7)
        expect(mean(wet)).toBeLessThan(mean(dry) - 0.3)
        expect(Math.min(...wet, ...kv(undefined))).toBeGreaterThan(5.5)
      }),
      { numRuns: 20 },
    )
  })

  it('tells of a cut at once with its metre, and keeps saying so until it is mended', () => {
    const steps = live({
      device: zone,
      seed: 1,
      steps: 60,
      meanwhile: (state, step, simulation) =>
        step === 5 ? simulation.inputs['cut']!(state, { chainage_m: 37 }) : step === 40 ? simulation.inputs['clear']!(state, {}) : state,
    })
    expect(steps[5]!.messages.map(({ channel, payload }) => [channel, payload['code'] ?? payload['state'], payload['chainage_m']])).toEqual(
      [
        ['event', 'cut', 37],
        ['telemetry', 'cut', 37],
      ],
    )
    expect(telemetryOf(steps.slice(5, 40)).every((now) => now['state'] === 'cut')).toBe(true)
    expect(telemetryOf(steps.slice(40)).every((now) => now['state'] === 'normal')).toBe(true)
  })

  it('names the metres it has when asked for another place', () => {
    const cut = () =>
      live({ device: zone, seed: 1, steps: 1, meanwhile: (state, _, { inputs }) => inputs['cut']!(state, { chainage_m: 437 }) })
    expect(cut).toThrow('chainage_m must be from 0 to 100')
  })
})

describe('a parking bay', () => {
  it('tells of each change at once and of nothing between, for six hours', () => {
    const sent = telemetryOf(live({ device: firstDevice('parking-bay'), seed: 9, steps: (48 * HOUR_MS) / 5000 }))
    const repeats = sent.filter((now, i) => i > 0 && now['status'] === sent[i - 1]!['status'])
    expect(sent.length).toBeLessThan(40)
    expect(repeats.every((now) => now.ts - sent[sent.indexOf(now) - 1]!.ts === 6 * HOUR_MS)).toBe(true)
  })

  it('on the fire lane is free again within 5 minutes, whatever the hour', () => {
    const lane = firstDevice('parking-bay', ({ site }) => site['use'] === 'fire-lane')
    const sent = telemetryOf(live({ device: lane, seed: 6, steps: (72 * HOUR_MS) / 5000 }))
    const stops = sent.flatMap((now, i) => (now['status'] === 'occupied' && sent[i + 1] ? [sent[i + 1]!.ts - now.ts] : []))
    expect(stops.length).toBeGreaterThan(2)
    expect(Math.max(...stops)).toBeLessThan(5 * 60_000)
  })
})
