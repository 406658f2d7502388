import { describe, expect, test } from 'vitest'
import type { Estate } from '../../domain/estate.ts'
import { projectionAt } from '../../domain/geometry.ts'
import { estate } from './estate.ts'
import { startBench, type Bench } from './harness.ts'

const zone = (n: number) => `fence-zone/zone-${n}`

function say(bench: Bench, n: number, state: string, more: object = {}): void {
  bench.telemetry(zone(n), { armed: true, state, ...more })
}

describe('event and telemetry are one condition', () => {
  test('raised by both it is one alarm, whichever comes first', () => {
    for (const order of [0, 1]) {
      const bench = startBench()
      const both = [() => bench.event(zone(2), { code: 'cut', active: true }), () => say(bench, 2, 'cut')]
      both[order]!()
      both[1 - order]!()
      expect(bench.open()).toEqual(['cut unacknowledged'])
      expect(bench.transitions).toHaveLength(1)
    }
  })

  test('the newer ts decides, not the order of arrival', () => {
    const bench = startBench()
    const t = bench.now()
    bench.event(zone(2), { code: 'power-off', active: true }, { ts: t - 5000 })
    bench.telemetry(zone(2), { armed: true, state: 'normal' }, { ts: t - 2000 })
    expect(bench.open()).toEqual(['power-off returned'])
    bench.event(zone(2), { code: 'power-off', active: true }, { ts: t - 3000 }) // older than the telemetry that says normal
    expect(bench.open()).toEqual(['power-off returned'])
    bench.event(zone(2), { code: 'power-off', active: true }, { ts: t - 1000 })
    expect(bench.open()).toEqual(['power-off unacknowledged'])
  })

  test('a worse state hides a lesser one and says nothing about it', () => {
    const bench = startBench()
    say(bench, 2, 'touch')
    bench.seconds(1)
    say(bench, 2, 'cut')
    expect(bench.open()).toEqual(['touch unacknowledged', 'cut unacknowledged'])
    bench.seconds(1)
    say(bench, 2, 'touch')
    expect(bench.open()).toEqual(['touch unacknowledged', 'cut returned'])
    bench.seconds(1)
    say(bench, 2, 'normal')
    expect(bench.open()).toEqual(['touch returned', 'cut returned'])
  })
})

describe('arming', () => {
  test('a disarmed zone raises only tamper and silence', () => {
    const bench = startBench()
    bench.telemetry(zone(2), { armed: false, state: 'normal', voltage_kv: 0 })
    for (const state of ['cut', 'climb', 'short', 'touch', 'power-off', 'low-voltage', 'tamper']) {
      bench.seconds(1)
      bench.telemetry(zone(2), { armed: false, state })
      bench.event(zone(2), { code: state, active: true })
    }
    expect(bench.alarms().map(({ code }) => code)).toEqual(['tamper'])
    bench.seconds(20)
    expect(bench.alarm('silent').priority).toBe(3)
  })

  test('a zone whose arming was never heard counts as armed', () => {
    const bench = startBench()
    bench.event(zone(2), { code: 'cut', active: true })
    expect(bench.open()).toEqual(['cut unacknowledged'])
  })
})

describe('touched again within a minute', () => {
  test('in the same zone it is urgent', () => {
    const bench = startBench()
    say(bench, 2, 'touch')
    expect(bench.alarm('touch').priority).toBe(2)
    bench.seconds(10)
    say(bench, 2, 'normal')
    bench.seconds(10)
    say(bench, 2, 'touch')
    expect(bench.alarm('touch')).toMatchObject({ priority: 1, state: 'unacknowledged' })
    expect(bench.alarms()).toHaveLength(1)
  })

  test('in the zone beside it, round the ring too, both are urgent', () => {
    for (const [first, second] of [
      [2, 3],
      [3, 2],
      [4, 1],
    ]) {
      const bench = startBench()
      say(bench, first!, 'touch')
      bench.seconds(59)
      say(bench, second!, 'touch')
      expect(
        bench
          .alarms()
          .filter(({ code }) => code === 'touch')
          .map(({ priority }) => priority),
      ).toEqual([1, 1])
    }
  })

  test('elsewhere, or later, it is not', () => {
    const bench = startBench()
    say(bench, 1, 'touch')
    say(bench, 3, 'touch')
    bench.seconds(61)
    say(bench, 2, 'touch')
    expect(
      bench
        .alarms()
        .filter(({ code }) => code === 'touch')
        .map(({ priority }) => priority),
    ).toEqual([2, 2, 2])
  })
})

describe('late', () => {
  test('the line is cut, then the fence is climbed, and all of it comes afterwards', () => {
    const bench = startBench()
    say(bench, 2, 'normal')
    const cutAt = bench.now()
    bench.seconds(300)
    say(bench, 2, 'normal') // the present state comes first
    bench.event(zone(2), { code: 'cut', active: true, chainage_m: 150 }, { ts: cutAt + 10_000 })
    bench.telemetry(zone(2), { armed: true, state: 'climb' }, { ts: cutAt + 20_000 })
    bench.telemetry(zone(2), { armed: true, state: 'climb' }, { ts: cutAt + 30_000 })
    bench.telemetry(zone(2), { armed: true, state: 'normal' }, { ts: cutAt + 40_000 })
    const told = bench.alarms().filter(({ late }) => late)
    expect(told.map(({ code, state, priority, detail }) => [code, state, priority, detail['observed_at']])).toEqual([
      ['cut', 'returned', 1, cutAt + 10_000],
      ['climb', 'returned', 1, cutAt + 20_000],
    ])
    expect(told[0]!.detail['chainage_m']).toBe(150)
    expect(told[0]!.raisedAt).toBe(bench.now())
    expect(bench.act(told[0]!.id, 'acknowledge').alarm?.state).toBe('latched')
  })

  test('what does not latch is not raised late', () => {
    const bench = startBench()
    say(bench, 2, 'normal')
    for (const code of ['touch', 'low-voltage', 'power-off']) bench.event(zone(2), { code, active: true }, { ts: bench.now() - 60_000 })
    expect(bench.alarms()).toEqual([])
  })

  test('a message that comes twice, or again after the alarm was closed, is no second alarm', () => {
    const bench = startBench()
    const at = bench.now()
    bench.event(zone(2), { code: 'cut', active: true }, { ts: at })
    bench.seconds(5)
    bench.event(zone(2), { code: 'cut', active: false }, { ts: at + 5000 })
    const { id } = bench.alarm('cut')
    bench.act(id, 'reset')
    bench.event(zone(2), { code: 'cut', active: true }, { ts: at })
    bench.event(zone(2), { code: 'cut', active: true }, { ts: at + 2000 })
    bench.telemetry(zone(2), { armed: true, state: 'cut' }, { ts: at + 3000 })
    expect(bench.alarms()).toHaveLength(1)
    expect(bench.open()).toEqual([])
  })

  test('a late one is told once, however often it comes and though it was closed in between', () => {
    const bench = startBench()
    say(bench, 2, 'normal')
    const late = () => bench.event(zone(2), { code: 'cut', active: true }, { ts: bench.entries[2]!.receivedAt - 60_000 })
    late()
    bench.act(bench.alarm('cut').id, 'reset')
    late()
    expect(bench.alarms()).toHaveLength(1)
  })

  test('a zone that was disarmed at that time raises nothing late', () => {
    const bench = startBench()
    bench.telemetry(zone(2), { armed: false, state: 'normal' })
    bench.seconds(15)
    bench.telemetry(zone(2), { armed: false, state: 'normal' })
    bench.event(zone(2), { code: 'cut', active: true }, { ts: bench.now() - 10_000 })
    expect(bench.alarms()).toEqual([])
  })

  test('someone was shut in while the line was down', () => {
    const bench = startBench()
    const shut = { mode: 'normal', floor: 3, direction: 'none', speed_mps: 0, door: 'closed', in_door_zone: false, passenger: true }
    const start = bench.now()
    bench.seconds(600)
    bench.telemetry('elevator/lift-1', { ...shut, door: 'open', passenger: false, in_door_zone: true })
    for (let s = 0; s <= 90; s += 30) bench.telemetry('elevator/lift-1', shut, { ts: start + s * 1000 })
    expect(bench.alarms().map(({ code, late, state }) => [code, late, state])).toEqual([['entrapment', true, 'returned']])
  })

  test('late readings touch no live state', () => {
    const bench = startBench()
    bench.telemetry('parking-bay/bay-fire', { status: 'free' })
    bench.telemetry('parking-bay/bay-fire', { status: 'occupied' }, { ts: bench.now() - 3_600_000 })
    bench.seconds(600)
    expect(bench.alarms()).toEqual([])
  })
})

describe('cameras beside a trouble', () => {
  const lost = (bench: Bench, n: number) => bench.telemetry(`camera/cam-${n}`, { video: 'lost' })

  test('one lost while a fence alarm stands in its view is high', () => {
    const bench = startBench()
    say(bench, 1, 'cut')
    lost(bench, 1)
    lost(bench, 3)
    expect(
      bench
        .alarms()
        .filter(({ code }) => code === 'video-lost')
        .map(({ device, priority }) => [device, priority]),
    ).toEqual([
      ['cam-1', 2],
      ['cam-3', 3],
    ])
  })

  test('a house between camera and fence takes the fence out of its view', () => {
    const before = estate()
    const projection = projectionAt([121.45, 31.31])
    const ring = [
      [5, 10],
      [10, 10],
      [10, 90],
      [5, 90],
      [5, 10],
    ].map(([x, y]) => projection.toPosition({ x: x!, y: y! }))
    const house = { id: 'b1', name: '1号', storeys: 6, stairwells: 1, outline: { type: 'Polygon' as const, coordinates: [ring] } }
    const site = { position: projection.toPosition({ x: 20, y: 50 }), bearingDeg: 270, fovDeg: 60, rangeM: 46 }
    const devices = before.devices.map((device) => (device.id === 'cam-3' ? { ...device, site } : device))
    const priority = (blocks: Estate['blocks']) => {
      const bench = startBench({ estates: [estate({ devices, blocks })] })
      say(bench, 1, 'cut')
      lost(bench, 3)
      return bench.alarm('video-lost').priority
    }
    expect([priority([]), priority([house])]).toEqual([2, 3])
  })

  test('one that was lost before becomes high when the fence alarm comes', () => {
    const bench = startBench()
    lost(bench, 1)
    expect(bench.alarm('video-lost').priority).toBe(3)
    say(bench, 1, 'climb')
    expect(bench.alarm('video-lost')).toMatchObject({ priority: 2, transition: 2, state: 'unacknowledged' })
  })

  test('two neighbours lost together are both high; one by itself or far apart is low', () => {
    const bench = startBench()
    lost(bench, 3)
    lost(bench, 1)
    expect(bench.alarms().map(({ priority }) => priority)).toEqual([3, 3])
    bench.availability('camera/cam-2', 'offline')
    expect(bench.alarms().map(({ device, priority }) => [device, priority])).toEqual([
      ['cam-3', 3],
      ['cam-1', 2],
      ['cam-2', 2],
    ])
  })
})
