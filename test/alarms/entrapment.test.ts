import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startBench, type Bench } from './harness.ts'

const lift = 'elevator/lift-1'
const inside = {
  mode: 'normal',
  floor: 3,
  direction: 'none',
  speed_mps: 0,
  door: 'closed',
  in_door_zone: true,
  passenger: true,
  power: 'mains',
}

/** Readings so many ms apart, the second hand of the journal going on meanwhile; `fields` may depend on the time since the start. */
function readings(
  bench: Bench,
  options: { readonly forMs: number; readonly everyMs: number; readonly fields: (sinceMs: number) => object },
): void {
  const start = bench.now()
  for (let at = 0; at <= options.forMs; at += options.everyMs) {
    while (bench.now() - start + 1000 <= at) bench.seconds(1)
    bench.telemetry(lift, options.fields(at), { ts: start + at })
  }
}

const codes = (bench: Bench) => bench.alarms().map(({ code }) => code)

describe('someone shut in', () => {
  test.each([
    ['level', { in_door_zone: true }],
    ['not level', { in_door_zone: false }],
    ['with the arrow still lit', { direction: 'up' }],
    ['without a speed sensor', { speed_mps: undefined }],
    ['without a direction', { direction: undefined }],
    ['in a lift that has taken itself out of use', { mode: 'stopped' }],
  ])('%s is found within 60 s of the stop, by readings from 1 to 30 s apart', (_name, change) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 999 }), (every, offset) => {
        const bench = startBench()
        const everyMs = Math.min(30_000, every * 1000 + offset)
        bench.telemetry(lift, { ...inside, direction: 'up', ...('speed_mps' in change ? { speed_mps: undefined } : { speed_mps: 1 }) })
        bench.seconds(1)
        const stoppedAt = bench.now()
        readings(bench, { forMs: 60_000, everyMs, fields: () => ({ ...inside, ...change }) })
        const alarm = bench.alarm('entrapment')
        expect(alarm).toMatchObject({ priority: 1, state: 'unacknowledged' })
        expect(alarm.raisedAt - stoppedAt).toBeLessThanOrEqual(60_000)
        expect(bench.faults).toEqual([])
      }),
      { numRuns: 20 },
    )
  })

  test('is over when the door opens at a floor, and then waits for a reset', () => {
    const bench = startBench()
    readings(bench, { forMs: 60_000, everyMs: 1000, fields: () => inside })
    bench.seconds(1)
    bench.telemetry(lift, { ...inside, door: 'opening' })
    const { id } = bench.alarm('entrapment')
    expect(bench.alarm('entrapment').state).toBe('returned')
    expect(bench.act(id, 'acknowledge').alarm?.state).toBe('latched')
    expect(bench.act(id, 'reset').alarm?.state).toBe('closed')
  })

  test('cannot be shelved, nor reset while the door is shut', () => {
    const bench = startBench()
    readings(bench, { forMs: 40_000, everyMs: 1000, fields: () => inside })
    const { id } = bench.alarm('entrapment')
    expect(bench.act(id, 'shelve', { until: bench.now() + 60_000, reason: 'no' }).refusal?.code).toBe('wrong-state')
    expect(bench.act(id, 'reset').refusal?.code).toBe('still-active')
  })

  test('a fault code of its own raises at once, and telemetry that does not contradict it ends nothing', () => {
    const bench = startBench()
    bench.telemetry(lift, inside)
    bench.event(lift, { scheme: 'retrofit-box', code: 1, active: true })
    expect(bench.open()).toEqual(['entrapment unacknowledged'])
    bench.seconds(1)
    bench.telemetry(lift, inside)
    expect(bench.open()).toEqual(['entrapment unacknowledged'])
    bench.seconds(1)
    bench.telemetry(lift, { ...inside, door: 'open' })
    expect(bench.open()).toEqual(['entrapment returned'])
    bench.seconds(1)
    bench.telemetry(lift, inside) // shut again, the code still set: it was over and stays so
    expect(bench.open()).toEqual(['entrapment returned'])
  })
})

describe('no entrapment is', () => {
  const never = (fields: (sinceMs: number) => object, forMs = 300_000, everyMs = 1000) => {
    const bench = startBench()
    readings(bench, { forMs, everyMs, fields })
    bench.seconds(10)
    expect(codes(bench).filter((code) => code === 'entrapment')).toEqual([])
    return bench
  }

  test.each([1000, 2000, 5000, 30_000])('a long run with a passenger, readings %i ms apart', (everyMs) => {
    never(
      (ms) => ({ ...inside, direction: 'up', speed_mps: 0.4, in_door_zone: false, floor: 1 + Math.floor(ms / 60_000) }),
      600_000,
      everyMs,
    )
  })

  test('a long run told by the direction alone', () => {
    never((ms) => ({ ...inside, speed_mps: undefined, direction: 'down', floor: 6 - Math.floor(ms / 100_000) }))
  })

  test('a long run with a dead speed sensor, the floors passing by', () => {
    never((ms) => ({ ...inside, direction: 'up', speed_mps: 0, floor: 1 + Math.floor(ms / 12_000) }))
  })

  test('a busy lift: short stops with the door shut before it opens', () => {
    never((ms) => {
      const t = ms % 40_000
      if (t < 15_000) return { ...inside, direction: 'up', speed_mps: 1, in_door_zone: false }
      if (t < 25_000) return inside
      return { ...inside, door: t < 35_000 ? 'open' : 'closing' }
    })
  })

  test('a standing lift that nobody is in', () => {
    never(() => ({ ...inside, passenger: false }))
  })

  test('someone who waits with the door open', () => {
    never(() => ({ ...inside, door: 'open' }))
  })

  test('a lift that ran, or whose door went, between two readings 30 s apart', () => {
    never((ms) => ({ ...inside, run_count: 100 + Math.floor(ms / 30_000) }), 600_000, 30_000)
    never((ms) => ({ ...inside, door_cycles: 100 + Math.floor(ms / 30_000) }), 600_000, 30_000)
  })

  test.each([
    ['a single reading', 0, 1000],
    ['readings each second for 20 s', 20_000, 1000],
    ['two readings 20 s apart', 20_000, 20_000],
  ])('silence after %s', (_name, forMs, everyMs) => {
    const bench = startBench()
    readings(bench, { forMs, everyMs, fields: () => inside })
    bench.seconds(300)
    expect(codes(bench)).toEqual(['silent'])
  })

  test('a silence between two readings that agree', () => {
    const bench = startBench()
    bench.telemetry(lift, inside)
    bench.seconds(200)
    bench.telemetry(lift, inside)
    expect(codes(bench)).toEqual(['silent'])
  })

  test('any mixture of runs, stops shorter than the limit and open doors', () => {
    const phase = fc.record({ what: fc.constantFrom('run', 'stop', 'open'), seconds: fc.integer({ min: 1, max: 27 }) })
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 20 }), (phases) => {
        const bench = startBench()
        let before = ''
        for (const { what, seconds } of phases) {
          if (what === before) continue
          before = what
          for (let i = 0; i < seconds; i++) {
            const run = { direction: 'up', speed_mps: 0.8, in_door_zone: false }
            bench.telemetry(lift, { ...inside, ...(what === 'run' ? run : what === 'open' ? { door: 'open' } : {}) })
            bench.seconds(1)
          }
        }
        expect(codes(bench)).not.toContain('entrapment')
      }),
      { numRuns: 50 },
    )
  })
})

test('inspection, fire and independent service suppress by design and say so', () => {
  for (const mode of ['inspection', 'fire', 'independent']) {
    const bench = startBench()
    readings(bench, { forMs: 40_000, everyMs: 1000, fields: () => ({ ...inside, mode }) })
    expect(bench.alarm('entrapment')).toMatchObject({ state: 'suppressed', suppressedBy: { zh: '检修、消防或专用' } })
    bench.seconds(1)
    bench.telemetry(lift, { ...inside, mode: 'normal' })
    expect(bench.alarm('entrapment')).toMatchObject({ state: 'unacknowledged', suppressedBy: null })
  }
})

test.each(['inspection', 'fire', 'independent', 'stopped'])('a fault in mode %s is suppressed; the alarm button never is', (mode) => {
  const bench = startBench()
  bench.telemetry(lift, { ...inside, passenger: false, mode })
  bench.event(lift, { scheme: 'gbt24476-2017', code: 1, active: true })
  bench.event(lift, { scheme: 'gbt24476-2017', code: 90, active: true })
  expect(bench.open().sort()).toEqual(['alarm-button unacknowledged', 'safety-circuit suppressed'])
})

test('codes that mean no fault raise nothing, and code 0 ends the faults of its scheme', () => {
  const bench = startBench()
  for (const code of [0, 40, 42, 43, 44, 45, 46, 47]) bench.event(lift, { scheme: 'gbt24476-2017', code, active: true })
  expect(bench.alarms()).toEqual([])
  bench.event(lift, { scheme: 'gbt24476-2017', code: 8, active: true })
  bench.event(lift, { scheme: 'city-b', code: '99', active: true })
  bench.seconds(1)
  bench.event(lift, { scheme: 'gbt24476-2017', code: 0, active: true })
  expect(bench.open()).toEqual(['blocked-restart returned', 'other-fault unacknowledged'])
})

test('two codes that mean the same are one alarm, which stands until both are over', () => {
  const bench = startBench()
  bench.event(lift, { scheme: 'city-b', code: 8, active: true })
  bench.event(lift, { scheme: 'city-b', code: 12, active: true })
  bench.seconds(1)
  bench.event(lift, { scheme: 'city-b', code: 8, active: false })
  expect(bench.open()).toEqual(['door-open-moving unacknowledged'])
  bench.event(lift, { scheme: 'city-b', code: 12, active: false })
  expect(bench.open()).toEqual(['door-open-moving returned'])
})
