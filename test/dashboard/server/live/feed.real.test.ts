import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SYSTEM_TOPICS } from '../../../../domain/system.ts'
import { SMALL_ESTATE, plant } from '../../../estates/small-estate.ts'
import { startTestBroker, type TestBroker } from '../../../support/broker.ts'
import { connectLive, startTestDashboard, type LiveClient, type TestDashboard } from '../../../support/dashboard.ts'
import { until } from '../../../support/until.ts'
import { alarm } from './sample-alarm.ts'

let broker: TestBroker
let server: TestDashboard
let publish: (topic: string, payload: object) => Promise<unknown>
beforeAll(async () => {
  broker = await startTestBroker()
  server = await startTestDashboard({ dataDir: broker.dataDir })
  await server.admin.call('POST', '/estates', SMALL_ESTATE)
  const { body } = await server.admin.call<{ username: string; password: string }>('POST', '/estates/small/gateways', { name: 'gw-1' })
  const client = await broker.connect(body)
  publish = (topic, payload) => client.publishAsync(`estates/small/${topic}`, JSON.stringify(payload), { qos: 1 })
})
afterAll(async () => {
  await server.close()
  await broker.close()
})

const watch = async (client: LiveClient, estate = 'small') => {
  const before = client.of('snapshot').length
  client.socket.emit('watch', { estate })
  await until(() => client.of('snapshot').length > before)
  return client.of('snapshot').at(-1)!
}
const reading = (client: LiveClient, id: string) =>
  client
    .of('changes')
    .flatMap(({ devices }) => devices)
    .filter((device) => device.id === id)
    .at(-1)?.reading

describe('one open screen', () => {
  let client: LiveClient
  beforeEach(async () => {
    client = await server.admin.live()
    return () => client.close()
  })

  test('gets a snapshot, then changes and heartbeats whose seq has no gap', async () => {
    const snapshot = await watch(client)
    expect(snapshot.devices.map(({ id }) => id)).toEqual(['gw-1', 'zone-1', 'zone-2', 'cam-1', 'bay-1', 'lift-1-1'])
    expect(snapshot.devices).toEqual((await server.admin.call('GET', '/estates/small/devices')).body)
    for (let floor = 1; floor <= 3; floor++) {
      await publish('elevator/lift-1-1/telemetry', { floor })
      await until(() => reading(client, 'lift-1-1')?.['floor'] === floor)
    }
    const seqs = client.of('changes').map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, i) => snapshot.seq + 1 + i))
    await until(() => client.of('heartbeat').some(({ seq }) => seq === seqs.at(-1)))
    expect(client.of('heartbeat').at(-1)).toMatchObject({ health: { behind: 0, engineAt: null } })
    expect(client.of('heartbeat').at(-1)!.health.tickAt).toBeGreaterThan(Date.now() - 5000)
  })

  test('gets many messages of a second as at most ten batches, the newest value last', async () => {
    await watch(client)
    const startedAt = performance.now()
    await Promise.all(
      Array.from({ length: 500 }, (_, i) => publish('camera/cam-1/telemetry', { fps: i % 60, temperature_celsius: i / 10 })),
    )
    await until(() => reading(client, 'cam-1')?.['temperature_celsius'] === 49.9)
    const batches = client.of('changes').length
    expect(batches).toBeLessThanOrEqual(Math.ceil((performance.now() - startedAt) / 100) + 1)
  })

  test('gets an alarm at once, and those that are not closed with the next snapshot', async () => {
    await watch(client)
    const raised = alarm({ id: 'feed-1', estate: 'small', device: 'zone-1' })
    await broker.link.append(SYSTEM_TOPICS.alarm, { v: 1, alarm: raised })
    await until(() => client.of('alarm').length === 1)
    expect(client.of('alarm')).toEqual([raised])
    await broker.link.append(SYSTEM_TOPICS.alarm, { v: 1, alarm: raised })
    await broker.link.append(SYSTEM_TOPICS.alarm, { v: 1, alarm: alarm({ id: 'feed-2', estate: 'elsewhere' }) })
    await broker.link.append(SYSTEM_TOPICS.alarm, { v: 1, alarm: { ...raised, transition: 2, state: 'acknowledged' } })
    await until(() => client.of('alarm').length === 2)
    expect(client.of('alarm').map(({ transition }) => transition)).toEqual([1, 2])
    expect((await watch(client)).alarms).toEqual([{ ...raised, transition: 2, state: 'acknowledged' }])
    await broker.link.append(SYSTEM_TOPICS.alarm, { v: 1, alarm: { ...raised, transition: 3, state: 'closed' } })
    await until(() => client.of('alarm').length === 3)
    expect((await watch(client)).alarms).toEqual([])
  })

  test('watches all estates once a second instead', async () => {
    await watch(client)
    client.socket.emit('watch', { estates: true })
    await until(() => client.of('estates').length >= 2)
    const changes = client.of('changes').length
    expect(client.of('estates').at(-1)).toMatchObject([{ id: 'small', devices: { elevator: { total: 1 } } }])
    await publish('elevator/lift-1-1/telemetry', { floor: 5 })
    const seen = client.of('estates').length
    await until(() => client.of('estates').length > seen)
    expect(client.of('changes')).toHaveLength(changes)
  })

  test('is refused what is not there or makes no sense, and goes on with what it watched', async () => {
    await watch(client)
    client.socket.emit('watch', { estate: 'nowhere' })
    await until(() => client.of('refused').length === 1)
    client.socket.emit('watch', 5 as never)
    await until(() => client.of('refused').length === 2)
    expect(client.of('refused')).toEqual([
      { estate: 'nowhere', code: 'not-found' },
      { estate: '', code: 'bad-request' },
    ])
    await publish('elevator/lift-1-1/telemetry', { floor: 2 })
    await until(() => reading(client, 'lift-1-1')?.['floor'] === 2)
  })

  test('gets a new snapshot when its estate is replaced', async () => {
    await watch(client)
    await server.admin.call('POST', '/estates', plant(SMALL_ESTATE, 'name: 摄像1', 'name: 摄像一'))
    await until(() => client.of('snapshot').length === 2)
    expect(
      client
        .of('snapshot')
        .at(-1)!
        .devices.find(({ id }) => id === 'cam-1')!.name,
    ).toBe('摄像一')
  })
})

describe('who may look', () => {
  test('nobody without a session', async () => {
    await expect(connectLive(server.url, undefined)).rejects.toThrow('not-signed-in')
    await expect(connectLive(server.url, 'estatewatch=made-up')).rejects.toThrow('not-signed-in')
  })

  test('nobody at an estate that is not theirs, also when it is taken from them while they look', async () => {
    const desk = await server.person('desk', ['small'])
    const client = await desk.live()
    client.socket.emit('watch', { estate: 'other' })
    await until(() => client.of('refused').length === 1)
    expect(client.of('refused')).toEqual([{ estate: 'other', code: 'not-your-estate' }])
    await watch(client)
    await server.admin.call('PATCH', `/people/${desk.username}`, { estates: [] })
    await until(() => client.of('refused').length === 2)
    client.socket.emit('watch', { estates: true })
    await until(() => client.of('estates').length > 0)
    expect(client.of('estates')[0]).toEqual([])
  })

  test('nobody whose session has ended: its sockets are told so and closed, those of other sessions stay', async () => {
    const desk = await server.person('desk', ['small'])
    const other = await server.signIn(desk.username, desk.password)
    const [ended, stays] = [await desk.live(), await other.live()]
    await Promise.all([watch(ended), watch(stays)])
    const isEnded = (client: LiveClient) => client.received.some(({ type }) => type === 'session-ended') && client.socket.disconnected
    await desk.call('DELETE', '/session')
    await until(() => isEnded(ended))
    await watch(stays)
    await server.admin.call('DELETE', `/people/${desk.username}`)
    await until(() => isEnded(stays))
  })

  test('no page of another site, by polling or by WebSocket: 403', async () => {
    const answer = (headers: Record<string, string>, transport: string) =>
      new Promise<number>((resolve, reject) => {
        const call = request(`${server.url}/socket.io/?EIO=4&transport=${transport}`, { headers })
        call.on('response', (response) => {
          response.resume()
          resolve(response.statusCode!)
        })
        call.on('upgrade', (_response, socket) => {
          socket.destroy()
          resolve(101)
        })
        call.on('error', reject)
        call.end()
      })
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    }
    expect(await answer({ origin: 'http://evil.example' }, 'polling')).toBe(403)
    expect(await answer({ ...upgrade, origin: 'http://evil.example' }, 'websocket')).toBe(403)
    expect(await answer({ ...upgrade, origin: server.url }, 'websocket')).toBe(101)
    expect(await answer(upgrade, 'websocket')).toBe(101)
  })
})

test('a client that does not read is sent less, not later: its next update is the newest', async () => {
  const client = await server.admin.live()
  await watch(client)
  const line = (client.socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws
  line.pause()
  for (let i = 0; i < 40; i++) {
    await publish('camera/cam-1/telemetry', { fps: i })
    const other = Date.now() + 60
    await until(() => Date.now() > other)
  }
  line.resume()
  await until(() => reading(client, 'cam-1')?.['fps'] === 39)
  const seqs = client.of('changes').map(({ seq }) => seq)
  expect(seqs.length).toBeLessThan(15)
  expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i))
})

test('a restart goes on where it was, with every value', async () => {
  await publish('elevator/lift-1-1/telemetry', { floor: 6 })
  await until(async () => {
    const { body } = await server.admin.call<{ id: string; reading: { floor: number } | null }[]>('GET', '/estates/small/devices')
    return body.find(({ id }) => id === 'lift-1-1')?.reading?.floor === 6
  })
  const before = (await server.admin.call('GET', '/estates/small/devices')).body
  await server.restart()
  await until(async () =>
    (await server.admin.call<{ status: string }[]>('GET', '/estates/small/devices')).body.some(({ status }) => status === 'online'),
  )
  expect((await server.admin.call('GET', '/estates/small/devices')).body).toEqual(before)
})
