import { describe, expect, test } from 'vitest'
import { estate } from './estate.ts'
import { lift, standing } from './case.ts'
import { startBench, type Bench } from './harness.ts'

describe('a door that closes slowly', () => {
  /** The door closes, the counter moves on, and the lift says so twice. */
  const close = (bench: Bench, ms: number, counter: boolean) => {
    cycles++
    for (let i = 0; i < 2; i++) {
      bench.telemetry(lift, { ...standing, door_close_ms: ms, ...(counter && { door_cycles: cycles }) })
      bench.seconds(2)
    }
  }
  let cycles = 0

  test.each([
    ['with a counter of its cycles', true],
    ['without one', false],
  ])('is told after three closings in a row over 1.5 × its own median, and gone with the first good one: %s', (_name, counter) => {
    const bench = startBench()
    for (let i = 0; i < 20; i++) close(bench, 3000 + (i % 5) * 20, counter)
    close(bench, 4700, counter)
    close(bench, 4710, counter)
    close(bench, 3010, counter) // a bag in the door
    close(bench, 4690, counter)
    close(bench, 4700, counter)
    expect(bench.alarms()).toEqual([])
    close(bench, 4710, counter)
    expect(bench.open()).toEqual(['door-close-fault unacknowledged'])
    expect(bench.alarm('door-close-fault')).toMatchObject({ priority: 3, detail: { door_close_ms: 4710 } })
    close(bench, 3030, counter)
    expect(bench.open()).toEqual(['door-close-fault returned'])
  })

  test('each lift is measured by itself: what is slow for one is usual for another', () => {
    const bench = startBench()
    for (let i = 0; i < 30; i++) close(bench, 6000 + (i % 3), true)
    expect(bench.alarms()).toEqual([])
  })

  test('one that stays slow stays told for hundreds of closings, and is usual in the end', () => {
    const bench = startBench()
    for (let i = 0; i < 49; i++) close(bench, 3000, true)
    for (let i = 0; i < 300; i++) close(bench, 5000, true)
    expect(bench.open()).toEqual(['door-close-fault unacknowledged'])
    for (let i = 0; i < 300; i++) close(bench, 5000, true)
    expect(bench.open()).toEqual(['door-close-fault returned'])
  })

  test('too few closings say nothing', () => {
    const bench = startBench()
    for (let i = 0; i < 8; i++) close(bench, 2000, true)
    close(bench, 9000, true)
    expect(bench.alarms()).toEqual([])
  })
})

describe('overspeed', () => {
  const before = estate()
  const rated = (ratedMps: number) => ({
    ...before,
    devices: before.devices.map((device) => (device.kind === 'elevator' ? { ...device, site: { ...device.site, ratedMps } } : device)),
  })

  test.each([
    [1.0, 1.14, 1.16],
    [1.75, 2.0, 2.02],
    [2.5, 2.87, 2.88],
  ])('of a lift rated at %d m/s begins at 115 % of that', (ratedMps, usual, fast) => {
    const bench = startBench({ estates: [rated(ratedMps)] })
    const run = (speed_mps: number) => bench.telemetry(lift, { ...standing, direction: 'up', speed_mps })
    run(usual)
    expect(bench.alarms()).toEqual([])
    run(fast)
    expect(bench.alarm('overspeed')).toMatchObject({ priority: 1, detail: { speed_mps: fast, limit: ratedMps * 1.15 } })
    bench.seconds(1)
    run(0)
    expect(bench.open()).toEqual(['overspeed returned'])
  })

  test('follows the file when it says another speed', () => {
    const bench = startBench()
    bench.telemetry(lift, { ...standing, direction: 'up', speed_mps: 2 })
    expect(bench.alarms()).toEqual([])
    bench.records([rated(1)])
    bench.seconds(1)
    bench.telemetry(lift, { ...standing, direction: 'up', speed_mps: 1.9 })
    expect(bench.open()).toEqual(['overspeed unacknowledged'])
  })
})

describe('one trouble is one row: a lift stopped between floors with someone shut in', () => {
  const between = { ...standing, in_door_zone: false, passenger: true }
  const stand = (bench: Bench, seconds: number, fields: object = between) => {
    for (let i = 0; i < seconds; i += 5) {
      bench.telemetry(lift, fields)
      bench.seconds(5)
    }
  }

  test('the stop is held back once the entrapment is told, and says why', () => {
    const bench = startBench()
    stand(bench, 20)
    expect(bench.open()).toEqual(['stopped-off-level unacknowledged'])
    stand(bench, 40)
    expect(bench.open().sort()).toEqual(['entrapment unacknowledged', 'stopped-off-level suppressed'])
    expect(bench.alarm('stopped-off-level').suppressedBy).toEqual({ zh: '已报困人', en: 'Entrapment is told' })
    bench.seconds(5)
    bench.telemetry(lift, { ...standing, door: 'open' }) // brought to a floor and opened
    expect(bench.open()).toEqual(['entrapment returned'])
  })

  test('a fault of the controller that comes after the entrapment is not told on top of it', () => {
    const bench = startBench()
    bench.telemetry(lift, between)
    bench.event(lift, { scheme: 'chongqing', code: 93, active: true })
    bench.event(lift, { scheme: 'chongqing', code: 4, active: true })
    expect(bench.open().sort()).toEqual(['entrapment unacknowledged', 'stopped-off-level suppressed'])
  })

  test('it comes back when those inside are out and the lift still hangs between floors, also where no mode is ever said', () => {
    const bench = startBench()
    stand(bench, 60, { ...between, mode: undefined })
    expect(bench.open().sort()).toEqual(['entrapment unacknowledged', 'stopped-off-level suppressed'])
    stand(bench, 10, { ...between, mode: undefined, passenger: false })
    expect(bench.open().sort()).toEqual(['entrapment returned', 'stopped-off-level unacknowledged'])
  })

  test('in inspection neither is told', () => {
    const bench = startBench()
    stand(bench, 60, { ...between, mode: 'inspection' })
    expect(bench.open().sort()).toEqual(['entrapment suppressed', 'stopped-off-level suppressed'])
  })
})
