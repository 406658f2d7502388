import { describe, expect, test } from 'vitest'
import { ESTATE, estate } from './estate.ts'
import { GATEWAY, startBench, type Bench } from './harness.ts'

const devices = ['fence-zone/zone-1', 'fence-zone/zone-2', 'camera/cam-1', 'camera/cam-2', 'elevator/lift-1']
const fields = (device: string) =>
  device.startsWith('fence')
    ? { armed: true, state: 'normal' }
    : device.startsWith('camera')
      ? { video: 'ok' }
      : { mode: 'normal', door: 'closed' }

function hear(bench: Bench, client = GATEWAY): void {
  for (const device of devices) bench.telemetry(device, fields(device), { client })
}

function connected(): Bench {
  const bench = startBench()
  bench.presence('connected')
  hear(bench)
  return bench
}

describe('a gateway that is gone', () => {
  test('is one alarm, however many devices are behind it and however long it lasts', () => {
    const bench = connected()
    bench.seconds(5)
    bench.presence('gone')
    bench.seconds(3600)
    expect(bench.alarms().map(({ code, state }) => `${code} ${state}`)).toEqual(['gateway-down unacknowledged'])
    expect(bench.alarm('gateway-down').detail).toEqual({ devices: devices.length })
    bench.presence('connected')
    hear(bench)
    bench.seconds(5)
    expect(bench.open()).toEqual(['gateway-down returned'])
  })

  test('holds back the silence that was told before it was known to be gone', () => {
    const bench = connected()
    bench.seconds(25) // the zones are silent first: the connection breaks unnoticed until its keep alive runs out
    expect(bench.open()).toEqual(['silent unacknowledged', 'silent unacknowledged'])
    bench.presence('gone')
    expect(bench.open().sort()).toEqual(['gateway-down unacknowledged', 'silent suppressed', 'silent suppressed'])
    expect(bench.alarm('silent').suppressedBy).toEqual({ zh: '网关断了', en: 'Gateway down' })
    bench.seconds(600)
    bench.presence('connected')
    expect(bench.open().sort()).toEqual(['gateway-down returned', 'silent suppressed', 'silent suppressed'])
    bench.telemetry('fence-zone/zone-1', { armed: true, state: 'normal' })
    expect(bench.open().sort()).toEqual(['gateway-down returned', 'silent suppressed'])
    bench.seconds(10) // zone 2 has had its interval
    expect(bench.open().sort()).toEqual(['gateway-down returned', 'silent unacknowledged'])
  })

  test('hides nothing that a device reports itself', () => {
    const bench = connected()
    bench.presence('gone')
    bench.event('fence-zone/zone-1', { code: 'cut', active: true }, { client: `dev.${ESTATE}.fence-zone.zone-1` })
    expect(bench.open()).toEqual(['gateway-down unacknowledged', 'cut unacknowledged'])
    bench.seconds(20) // by its own connection its silence is its own
    expect(bench.open()).toContain('silent unacknowledged')
  })

  test('counts for a device only if it was last heard through it', () => {
    const bench = connected()
    bench.presence('connected', { username: `gw.${ESTATE}.gw-2`, clientId: 'second' })
    bench.telemetry('fence-zone/zone-1', { armed: true, state: 'normal' }, { client: `gw.${ESTATE}.gw-2` })
    bench.presence('gone')
    bench.seconds(25)
    expect(bench.alarms().map(({ code, device }) => `${device} ${code}`)).toEqual(['gw-1 gateway-down', 'zone-1 silent'])
  })

  test('is not told to be offline by its own will as well', () => {
    const bench = connected()
    bench.telemetry('gateway/gw-1', { queued: 0 })
    bench.availability('gateway/gw-1', 'offline')
    bench.presence('gone')
    bench.seconds(120)
    expect(bench.alarms().map(({ code }) => code)).toEqual(['gateway-down'])
  })

  test('is not gone while another of its connections lives, nor before its first', () => {
    const bench = startBench()
    bench.seconds(100)
    bench.presence('connected')
    bench.presence('connected', { clientId: 'b', connections: 2 })
    bench.presence('gone', { connections: 1 })
    expect(bench.alarms().map(({ code }) => code)).toEqual(['credential-shared'])
  })
})

describe('a minute to return', () => {
  test('after a restart of the broker', () => {
    const bench = connected()
    bench.gap(2000)
    bench.seconds(59)
    expect(bench.open().filter((line) => line.startsWith('gateway'))).toEqual([])
    bench.seconds(1)
    expect(bench.open()).toContain('gateway-down unacknowledged')
  })

  test('and one that returns within it raises nothing', () => {
    const bench = connected()
    bench.gap(2000)
    bench.seconds(5)
    bench.presence('connected')
    for (let i = 0; i < 20; i++) {
      hear(bench)
      bench.seconds(5)
    }
    expect(bench.alarms()).toEqual([])
  })

  test('where we closed the connection ourselves', () => {
    const bench = connected()
    bench.presence('closed-by-us')
    bench.seconds(600, { intake: false }) // a disk without room is no time to return in
    expect(bench.open()).toEqual([])
    bench.seconds(61)
    expect(bench.open()).toContain('gateway-down unacknowledged')
  })

  test('a pause without a restart loses no gateway whose messages go on', () => {
    const bench = connected()
    bench.gap(8000) // the machine slept; the connections live
    for (let i = 0; i < 20; i++) {
      hear(bench)
      bench.seconds(5)
    }
    expect(bench.alarms()).toEqual([])
  })
})

test('while a credential is shared, presence follows the data', () => {
  const bench = connected()
  for (let i = 0; i < 3; i++) bench.presence('connected', { takeOver: true })
  bench.presence('gone')
  expect(bench.open()).toEqual(['credential-shared unacknowledged', 'gateway-down unacknowledged'])
  hear(bench)
  expect(bench.open()).toEqual(['credential-shared unacknowledged', 'gateway-down returned'])
})

test.each([
  ['a device', `dev.${ESTATE}.camera.cam-1`, 'cam-1'],
  ['another system', `ext.${ESTATE}.archive`, 'archive'],
])('a refused publish of %s is one alarm in its name', (_name, username, device) => {
  const bench = startBench()
  for (let i = 0; i < 3; i++) bench.append('system/refused', { v: 1, username, topic: 'x', payloadBase64: '', detail: 'no' })
  expect(bench.alarms().map((alarm) => `${alarm.kind} ${alarm.device} ${alarm.code}`)).toEqual([`gateway ${device} gateway-misconfigured`])
})

describe('a change of the estates', () => {
  test('closes the alarms of a device that vanishes, and says why', () => {
    const bench = connected()
    bench.event('fence-zone/zone-1', { code: 'cut', active: true })
    bench.event('fence-zone/zone-2', { code: 'cut', active: true })
    const before = estate()
    bench.seconds(1)
    bench.records([{ ...before, devices: before.devices.filter(({ id }) => id !== 'zone-1') }])
    expect(bench.open()).toEqual(['cut unacknowledged'])
    expect(bench.alarms().find(({ device }) => device === 'zone-1')).toMatchObject({
      state: 'closed',
      detail: { closed_by: 'device-removed' },
    })
    bench.telemetry('fence-zone/zone-1', { state: 'cut' })
    bench.seconds(100)
    expect(bench.alarms().filter(({ device, state }) => device === 'zone-1' && state !== 'closed')).toEqual([])
    expect(bench.faults).toEqual([])
  })

  test('closes all of an estate that goes', () => {
    const bench = connected()
    bench.event('fence-zone/zone-1', { code: 'cut', active: true })
    bench.append('system/refused', { v: 1, username: `ext.${ESTATE}.archive`, topic: 'x', payloadBase64: '', detail: 'no' })
    bench.records([])
    expect(bench.open()).toEqual([])
    bench.seconds(100)
    expect(bench.open()).toEqual([])
  })

  test('keeps what is known of the devices that stay', () => {
    const bench = connected()
    bench.event('fence-zone/zone-1', { code: 'cut', active: true })
    const { id } = bench.alarm('cut')
    bench.records([estate({ name: '改名' })])
    bench.seconds(1)
    bench.telemetry('fence-zone/zone-1', { state: 'normal' })
    expect(bench.alarm('cut')).toMatchObject({ id, state: 'returned' })
    bench.seconds(20)
    expect(bench.open()).toContain('silent unacknowledged')
  })

  test('a bay that becomes a fire lane is watched as one', () => {
    const bench = connected()
    const before = estate()
    const change = before.devices.map((device) => (device.id === 'bay-1' ? { ...device, site: { use: 'fire-lane' } } : device))
    bench.telemetry('parking-bay/bay-1', { status: 'occupied' })
    bench.records([{ ...before, devices: change }])
    bench.telemetry('parking-bay/bay-1', { status: 'occupied' })
    bench.seconds(301)
    expect(bench.open()).toContain('fire-lane-occupied unacknowledged')
  })
})
