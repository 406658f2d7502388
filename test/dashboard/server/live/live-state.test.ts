import { describe, expect, test } from 'vitest'
import { ESTATE, GATEWAY, START, startBench } from './harness.ts'

const status = (bench: ReturnType<typeof startBench>, name: string) => bench.state(name).status

describe('values', () => {
  test('a device that has never been heard is unknown and has no reading', () => {
    expect(startBench().state('camera/cam-1')).toEqual({
      id: 'cam-1',
      kind: 'camera',
      name: 'cam-1',
      status: 'unknown',
      observedAt: null,
      receivedAt: null,
      reading: null,
    })
  })

  test('reading holds the newest value of each field, over several messages', () => {
    const bench = startBench()
    bench.telemetry('camera/cam-1', { ts: START - 300, fps: 25, video: 'ok' })
    bench.telemetry('camera/cam-1', { ts: START - 200, fps: 12 })
    expect(bench.state('camera/cam-1')).toMatchObject({
      status: 'online',
      observedAt: START - 200,
      receivedAt: START,
      reading: { fps: 12, video: 'ok' },
    })
  })

  test('a late reading changes nothing, however many messages are looked at together', () => {
    for (const count of [1, 20]) {
      const bench = startBench()
      bench.telemetry('camera/cam-1', { ts: START - 100, fps: 25 })
      const before = bench.state('camera/cam-1')
      for (let i = 0; i < count; i++) bench.telemetry('camera/cam-1', { ts: START - 5000 - i, fps: 1 })
      expect(bench.state('camera/cam-1')).toEqual(before)
    }
  })

  test('among many messages between two looks the one with the newest ts wins, wherever it stands', () => {
    const bench = startBench()
    bench.telemetry('camera/cam-1', { ts: START - 9000, fps: 1 })
    bench.state('camera/cam-1')
    for (const back of [800, 700, 10, 600, 500, 400, 300, 200, 100, 50])
      bench.telemetry('camera/cam-1', { ts: START - back, fps: back % 60 })
    expect(bench.state('camera/cam-1')).toMatchObject({ observedAt: START - 10, reading: { fps: 10 } })
  })

  test('many messages that each say a part leave every part', () => {
    const bench = startBench()
    bench.telemetry('camera/cam-1', { ts: START - 900, fps: 1, video: 'ok' })
    bench.state('camera/cam-1')
    for (let i = 0; i < 6; i++) bench.telemetry('camera/cam-1', { ts: START - 600 + i, fps: i })
    bench.telemetry('camera/cam-1', { ts: START - 500, video: 'lost' })
    for (let i = 0; i < 6; i++) bench.telemetry('camera/cam-1', { ts: START - 400 + i, fps: 30 + i })
    expect(bench.state('camera/cam-1').reading).toEqual({ fps: 35, video: 'lost' })
  })

  test('a clock that runs ahead counts as the arrival time, and lateness is judged against that', () => {
    const bench = startBench()
    bench.telemetry('camera/cam-1', { ts: START + 60_000, fps: 25 })
    expect(bench.state('camera/cam-1').observedAt).toBe(START)
    bench.seconds(1)
    bench.telemetry('camera/cam-1', { ts: START + 500, fps: 24 })
    expect(bench.state('camera/cam-1').reading).toEqual({ fps: 24 })
  })

  test('a clock of ours that is set back an hour makes no device late, before the tick that tells of it and after', () => {
    const bench = startBench()
    bench.telemetry('camera/cam-1', { fps: 25 })
    bench.telemetry('parking-bay/bay-1', { status: 'free' })
    bench.seconds(5)
    bench.jump(-3_600_000)
    bench.telemetry('camera/cam-1', { fps: 24 })
    expect(bench.state('camera/cam-1').reading).toEqual({ fps: 24 })
    bench.seconds(1)
    bench.telemetry('parking-bay/bay-1', { ts: bench.now() - 100, status: 'occupied' })
    expect(bench.state('parking-bay/bay-1')).toMatchObject({
      status: 'online',
      observedAt: bench.now() - 100,
      reading: { status: 'occupied' },
    })
    bench.telemetry('camera/cam-1', { fps: 23 })
    expect(bench.state('camera/cam-1')).toMatchObject({ observedAt: bench.now(), receivedAt: bench.now(), reading: { fps: 23 } })
    expect(bench.live.newestReceivedAt('e')).toBe(bench.now())
  })

  test('what is rejected changes nothing', () => {
    const bench = startBench()
    bench.telemetry('camera/cam-1', 'not json')
    bench.telemetry('camera/cam-1', { fps: -1 })
    expect(status(bench, 'camera/cam-1')).toBe('unknown')
  })

  test("an array's elements count one by one", () => {
    const bench = startBench()
    bench.telemetry('camera/cam-1', [{ ts: START - 20, fps: 20 }, { fps: 'x' }, { ts: START - 10, fps: 21 }])
    expect(bench.state('camera/cam-1')).toMatchObject({ observedAt: START - 10, reading: { fps: 21 } })
  })

  test('takeChanges gives each changed device once, in its newest state', () => {
    const bench = startBench()
    bench.live.takeChanges('e')
    bench.telemetry('camera/cam-1', { ts: START - 2, fps: 1 })
    bench.telemetry('camera/cam-1', { ts: START - 1, fps: 2 })
    expect(bench.live.takeChanges('e').map(({ id, reading }) => [id, reading])).toEqual([['cam-1', { fps: 2 }]])
    expect(bench.live.takeChanges('e')).toEqual([])
  })
})

describe('status', () => {
  test('twice the expected interval of silence makes it stale, the next message online again', () => {
    const bench = startBench()
    bench.telemetry('fence-zone/zone-1', { armed: true }) // every 10 s
    bench.seconds(20)
    expect(status(bench, 'fence-zone/zone-1')).toBe('online')
    bench.seconds(1)
    expect(status(bench, 'fence-zone/zone-1')).toBe('stale')
    bench.telemetry('fence-zone/zone-1', { armed: true })
    expect(status(bench, 'fence-zone/zone-1')).toBe('online')
  })

  test('a device says offline, and is not once it is heard again', () => {
    const bench = startBench()
    bench.telemetry('camera/cam-1', { fps: 25 })
    bench.send('estates/e/camera/cam-1/availability', 'offline')
    expect(status(bench, 'camera/cam-1')).toBe('offline')
    bench.seconds(1)
    bench.telemetry('camera/cam-1', { fps: 25 })
    expect(status(bench, 'camera/cam-1')).toBe('online')
  })

  test('behind a gateway that is gone everything is unknown until it is heard again', () => {
    const bench = startBench()
    bench.presence('connected')
    bench.telemetry('camera/cam-1', { fps: 25 })
    bench.telemetry('fence-zone/zone-1', { armed: true })
    bench.presence('gone')
    expect(status(bench, 'camera/cam-1')).toBe('unknown')
    bench.presence('connected')
    expect(status(bench, 'camera/cam-1')).toBe('unknown')
    bench.telemetry('camera/cam-1', { fps: 25 })
    expect(status(bench, 'camera/cam-1')).toBe('online')
    expect(status(bench, 'fence-zone/zone-1')).toBe('unknown')
  })

  test('a device heard over another path does not follow the gateway of its file', () => {
    const bench = startBench()
    bench.presence('connected')
    bench.telemetry('camera/cam-1', { fps: 25 }, 'dev.e.camera.cam-1')
    bench.presence('gone')
    expect(status(bench, 'camera/cam-1')).toBe('online')
  })

  test('after a restart of the broker a gateway has 60 s to return', () => {
    const bench = startBench()
    bench.presence('connected')
    bench.telemetry('parking-bay/bay-1', { status: 'free' })
    bench.tick({ gapMs: 5000 })
    bench.seconds(59)
    expect(status(bench, 'parking-bay/bay-1')).toBe('online')
    bench.seconds(2)
    expect(status(bench, 'parking-bay/bay-1')).toBe('unknown')
  })

  test('a gateway that is back within the 60 s was never gone', () => {
    const bench = startBench()
    bench.presence('connected')
    bench.telemetry('parking-bay/bay-1', { status: 'free' })
    bench.tick({ gapMs: 5000 })
    bench.seconds(30)
    bench.presence('connected')
    bench.seconds(60)
    expect(status(bench, 'parking-bay/bay-1')).toBe('online')
  })

  test('time without ticks is no silence, and after the gap there is one full interval of grace', () => {
    const bench = startBench()
    bench.telemetry('fence-zone/zone-1', { armed: true })
    bench.seconds(18)
    bench.tick({ gapMs: 600_000 })
    bench.seconds(9)
    expect(status(bench, 'fence-zone/zone-1')).toBe('online')
    bench.seconds(2)
    expect(status(bench, 'fence-zone/zone-1')).toBe('stale')
  })

  test('while the broker takes nothing in, devices are unknown, and that time is no silence', () => {
    const bench = startBench()
    bench.telemetry('fence-zone/zone-1', { armed: true })
    bench.tick({ intake: false })
    expect(status(bench, 'fence-zone/zone-1')).toBe('unknown')
    bench.tick()
    expect(status(bench, 'fence-zone/zone-1')).toBe('online')
  })

  test('while this server catches up every status is unknown', () => {
    const bench = startBench()
    bench.telemetry('camera/cam-1', { fps: 25 })
    bench.live.setCatchingUp(true)
    expect(status(bench, 'camera/cam-1')).toBe('unknown')
    bench.live.setCatchingUp(false)
    expect(status(bench, 'camera/cam-1')).toBe('online')
  })
})

describe('estates and clients', () => {
  test('a new revision keeps what is known of devices that stay and forgets the others', () => {
    const next = { revision: 2, estates: new Map([['e', { ...ESTATE, devices: ESTATE.devices.filter(({ id }) => id !== 'bay-1') }]]) }
    const bench = startBench({ estatesAt: () => next })
    bench.telemetry('camera/cam-1', { fps: 25 })
    bench.telemetry('parking-bay/bay-1', { status: 'free' })
    bench.send('system/records', { v: 1, revision: 2 }, 'system')
    expect(status(bench, 'camera/cam-1')).toBe('online')
    expect(status(bench, 'parking-bay/bay-1')).toBe('unknown')
    expect(bench.live.coverage(next.estates.get('e')!).devices['camera']).toEqual({ total: 1, online: 1 })
  })

  test('the last 50 messages of a credential can be found again', () => {
    const bench = startBench()
    for (let i = 0; i < 60; i++) bench.telemetry('camera/cam-1', { fps: 1 })
    const recent = bench.live.clients.find(GATEWAY)?.recent ?? []
    expect(recent).toHaveLength(50)
    expect(recent.at(-1)).toBe(recent[0]! + 49)
  })
})

test('what is written down of a device is forgotten with it, and comes back empty', () => {
  const without = { revision: 2, estates: new Map([['e', { ...ESTATE, devices: ESTATE.devices.filter(({ id }) => id !== 'bay-1') }]]) }
  const back = { revision: 3, estates: new Map([['e', ESTATE]]) }
  const bench = startBench({ estatesAt: (revision) => (revision === 2 ? without : back) })
  bench.telemetry('parking-bay/bay-1', { status: 'free' })
  expect(bench.live.takeUnsaved().records.map(({ key }) => key)).toEqual(['e/parking-bay/bay-1'])
  bench.send('system/records', { v: 1, revision: 2 }, 'system')
  expect(bench.live.takeUnsaved()).toEqual({ records: [], vanished: ['e/parking-bay/bay-1'] })
  bench.send('system/records', { v: 1, revision: 3 }, 'system')
  expect(bench.state('parking-bay/bay-1').reading).toBeNull()
})
