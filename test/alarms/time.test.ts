import { describe, expect, test } from 'vitest'
import { defineRule } from '../../devices/define-rule.ts'
import type { AlarmRule, Condition } from '../../domain/rule.ts'
import { ESTATE } from './estate.ts'
import { GATEWAY, startBench, type Bench } from './harness.ts'

const zone = 'fence-zone/zone-2'
const cam = 'camera/cam-3'
const bay = 'parking-bay/bay-fire'
const words = { zh: '试', en: 'test' }

function rule(when: Condition, more: Partial<AlarmRule> = {}): readonly AlarmRule[] {
  const { kind = 'camera', ...rest } = more
  return [{ ...defineRule(kind, { code: 'too-hot', name: words, when, priority: 3, text: words, instruction: words }), ...rest }]
}

describe('delays and deadbands', () => {
  test('waits for the on-delay, by readings and by waiting alike', () => {
    const bench = startBench({ rules: rule({ field: 'temperature_celsius', above: 65 }, { onDelayMs: 20_000 }) })
    bench.telemetry(cam, { temperature_celsius: 70 })
    bench.seconds(19)
    expect(bench.open()).toEqual([])
    bench.seconds(1)
    expect(bench.open()).toEqual(['too-hot unacknowledged'])
  })

  test('a value that is back within the on-delay raises nothing', () => {
    const bench = startBench({ rules: rule({ field: 'temperature_celsius', above: 65 }, { onDelayMs: 20_000 }) })
    for (let i = 0; i < 6; i++) {
      bench.telemetry(cam, { temperature_celsius: i % 2 === 0 ? 70 : 60 })
      bench.seconds(15)
    }
    expect(bench.alarms()).toEqual([])
  })

  test('clears only after the value has stayed inside the deadband for the off-delay', () => {
    const bench = startBench({ rules: rule({ field: 'temperature_celsius', above: 65, deadband: 3 }, { offDelayMs: 10_000 }) })
    const say = (temperature_celsius: number) => {
      bench.telemetry(cam, { temperature_celsius })
      bench.seconds(5)
    }
    say(66)
    say(63) // not yet back by the deadband
    bench.seconds(10)
    expect(bench.open()).toEqual(['too-hot unacknowledged'])
    say(62)
    say(64) // inside the band it stays as it was
    say(66)
    expect(bench.open()).toEqual(['too-hot unacknowledged'])
    say(61)
    expect(bench.open()).toEqual(['too-hot unacknowledged'])
    bench.seconds(5)
    expect(bench.open()).toEqual(['too-hot returned'])
  })

  test('durations between readings count in the device clock, so a backlog raises what the live readings would have', () => {
    const bench = startBench()
    const start = bench.now() - 3_600_000
    bench.telemetry(bay, { status: 'occupied' }, { ts: start })
    bench.telemetry(bay, { status: 'free' }, { ts: start + 299_000 })
    expect(bench.alarms()).toEqual([])
    bench.telemetry(bay, { status: 'occupied' }, { ts: start + 400_000 })
    bench.telemetry(bay, { status: 'free' }, { ts: start + 800_000 })
    expect(bench.alarms().map(({ code, state }) => [code, state])).toEqual([['fire-lane-occupied', 'returned']])
  })

  test('a window counts what happened in it and no more', () => {
    const flickers: Condition = { field: 'recording', is: false, atLeast: 3, withinMs: 60_000 }
    const bench = startBench({ rules: rule(flickers) })
    for (let i = 0; i < 5; i++) {
      bench.telemetry(cam, { recording: i % 2 === 0 })
      bench.seconds(10)
    }
    expect(bench.open()).toEqual([])
    bench.telemetry(cam, { recording: false })
    expect(bench.open()).toEqual(['too-hot unacknowledged'])
    bench.seconds(30)
    expect(bench.open()).toEqual(['too-hot returned'])
  })

  test('a change by so much within a window', () => {
    const bench = startBench({ rules: rule({ field: 'temperature_celsius', changesBy: 10, withinMs: 60_000 }) })
    for (const temperature_celsius of [20, 24, 28]) {
      bench.telemetry(cam, { temperature_celsius })
      bench.seconds(20)
    }
    expect(bench.open()).toEqual([])
    bench.telemetry(cam, { temperature_celsius: 35 })
    expect(bench.open()).toEqual(['too-hot unacknowledged'])
    bench.seconds(61)
    bench.telemetry(cam, { temperature_celsius: 35 })
    expect(bench.open()).toEqual(['too-hot returned'])
  })

  test('several devices of one estate within a window', () => {
    const bench = startBench({ rules: rule({ devices: 2, when: { field: 'video', is: 'lost' }, withinMs: 30_000 }) })
    bench.telemetry('camera/cam-1', { video: 'lost' })
    expect(bench.open()).toEqual([])
    bench.seconds(10)
    bench.telemetry('camera/cam-2', { video: 'lost' })
    expect(bench.alarms().map(({ device }) => device)).toEqual(['cam-2'])
  })

  test('unknown raises nothing and ends nothing', () => {
    const bench = startBench({ rules: rule({ not: { field: 'video', is: 'ok' } }) })
    bench.telemetry(cam, { fps: 25 })
    expect(bench.alarms()).toEqual([])
  })
})

describe('silence', () => {
  test('a device never heard raises nothing', () => {
    const bench = startBench()
    bench.seconds(300)
    expect(bench.alarms()).toEqual([])
  })

  test('time without ticks is no silence; afterwards each device has one full interval, and the gap itself is one alarm', () => {
    const bench = startBench()
    bench.telemetry(zone, { armed: true, state: 'normal' })
    bench.seconds(15)
    bench.gap(3_600_000)
    expect(bench.open()).toEqual(['journal-gap returned'])
    expect(bench.alarm('journal-gap').detail).toMatchObject({ gap_ms: 3_600_000 })
    bench.seconds(8)
    expect(bench.open()).toEqual(['journal-gap returned'])
    bench.seconds(2)
    expect(bench.open()).toEqual(['journal-gap returned', 'silent unacknowledged'])
  })

  test('a short restart is no gap worth an alarm', () => {
    const bench = startBench()
    bench.telemetry(zone, { armed: true, state: 'normal' })
    bench.gap(4000)
    expect(bench.alarms()).toEqual([])
  })

  test('while nothing is taken in nobody is silent, and afterwards each has one full interval', () => {
    const bench = startBench()
    bench.telemetry(zone, { armed: true, state: 'normal' })
    bench.seconds(15)
    bench.seconds(600, { intake: false })
    expect(bench.open()).toEqual([])
    bench.seconds(10)
    expect(bench.open()).toEqual([])
    bench.seconds(1)
    expect(bench.open()).toEqual(['silent unacknowledged'])
  })

  test('a jump of the wall clock moves no deadline', () => {
    const bench = startBench()
    bench.telemetry(zone, { armed: true, state: 'normal' })
    bench.append('system/tick', { v: 1, at: bench.now() + 86_400_000, elapsedMs: 1000, intake: true, jumpMs: 86_400_000 })
    expect(bench.open()).toEqual([])
  })

  test('a standing silence is not ended by a gap, only by a message', () => {
    const bench = startBench()
    bench.telemetry(zone, { armed: true, state: 'normal' })
    bench.seconds(30)
    bench.gap(60_000)
    expect(bench.open()).toContain('silent unacknowledged')
    bench.telemetry(zone, { state: 'normal' })
    expect(bench.open()).toContain('silent returned')
  })

  test('a late message too shows that the device is there', () => {
    const bench = startBench()
    bench.telemetry(zone, { armed: true, state: 'normal' })
    bench.seconds(15)
    bench.telemetry(zone, { state: 'normal' }, { ts: bench.now() - 60_000 })
    bench.seconds(15)
    expect(bench.open()).toEqual([])
  })

  test('one that said offline is not told to be silent as well', () => {
    const bench = startBench()
    bench.telemetry(zone, { armed: true, state: 'normal' })
    bench.availability(zone, 'offline')
    bench.seconds(120)
    expect(bench.open()).toEqual(['offline unacknowledged'])
    bench.telemetry(zone, { state: 'normal' })
    expect(bench.open()).toEqual(['offline returned'])
  })
})

describe.each([
  { way: 'forward', jumps: [3_600_000] },
  { way: 'back', jumps: [-3_600_000] },
  { way: 'forward and back again', jumps: [3_600_000, -3_600_000] },
  { way: 'back and forward again', jumps: [-3_600_000, 3_600_000] },
])('a wall clock that jumps an hour $way', ({ jumps }) => {
  /** The wall clock jumps; the devices' clocks, and the time that passes, do not. */
  const jump = (bench: Bench) => {
    for (const ms of jumps) bench.jump(ms)
  }

  test('moves no deadline: a lift between floors is told after ten seconds, an entrapment by its second reading', () => {
    const bench = startBench()
    const lift = 'elevator/lift-1'
    const between = { mode: 'normal', direction: 'none', speed_mps: 0, door: 'closed', in_door_zone: false, passenger: true }
    const start = bench.now()
    const say = (sinceMs: number) => bench.telemetry(lift, between, { ts: start + sinceMs })
    say(0)
    bench.seconds(4)
    say(4000)
    jump(bench) // a tick each
    bench.seconds(5 - jumps.length)
    say(9000)
    expect(bench.alarms()).toEqual([])
    bench.seconds(2)
    say(11_000)
    expect(bench.open()).toEqual(['stopped-off-level unacknowledged'])
    bench.seconds(19)
    say(30_000)
    expect(bench.open().sort()).toEqual(['entrapment unacknowledged', 'stopped-off-level suppressed'])
    expect(bench.alarms()).toHaveLength(2)
  })

  test('loses nothing and doubles nothing that devices say, with or without a clock of their own', () => {
    for (const withClock of [true, false]) {
      const bench = startBench()
      let trueNow = bench.now()
      const say = (device: string, fields: object) =>
        bench.append(`estates/${ESTATE}/${device}/telemetry`, { ...(withClock && { ts: trueNow }), ...fields }, GATEWAY)
      const pass = (seconds: number) => {
        bench.seconds(seconds)
        trueNow += seconds * 1000
      }
      say(zone, { armed: true, state: 'cut' })
      say(cam, { video: 'ok' })
      jump(bench)
      trueNow += jumps.length * 1000
      pass(2)
      say(zone, { armed: true, state: 'cut' })
      say(cam, { video: 'lost' })
      expect(bench.open().sort()).toEqual(['cut unacknowledged', 'video-lost unacknowledged'])
      pass(2)
      say(zone, { armed: true, state: 'normal' })
      say(cam, { video: 'ok' })
      expect(bench.open().sort()).toEqual(['cut returned', 'video-lost returned'])
      pass(19)
      expect(bench.alarms()).toHaveLength(2) // and nobody is silent
      pass(1)
      expect(bench.open()).toContain('silent unacknowledged')
      expect(bench.alarms().filter(({ late }) => late)).toEqual([])
    }
  })
})

test('a clock that is ahead is a fault, and its alarms bear our time', () => {
  const bench = startBench()
  bench.event(zone, { code: 'cut', active: true }, { ts: bench.now() + 3_600_000 })
  expect(bench.open().sort()).toEqual(['clock-fault unacknowledged', 'cut unacknowledged'])
  expect(bench.alarm('clock-fault').detail).toEqual({ ahead_ms: 3_600_000 })
  bench.seconds(1)
  bench.telemetry(zone, { state: 'normal', armed: true }) // with the right time again
  expect(bench.open().sort()).toEqual(['clock-fault returned', 'cut returned'])
})

test('shelving ends with the wall clock', () => {
  const bench = startBench()
  bench.telemetry(cam, { video: 'blurred' })
  const { id } = bench.alarm('blurred')
  expect(bench.act(id, 'shelve', { until: bench.now() + 30_000, reason: 'rain' }).alarm?.state).toBe('shelved')
  bench.seconds(29)
  expect(bench.alarm('blurred').state).toBe('shelved')
  bench.seconds(1)
  expect(bench.alarm('blurred').state).toBe('unacknowledged')
})
