import { afterEach, expect, test } from 'vitest'
import type { BrokerStats, RefusalReason } from '../../domain/broker-stats.ts'
import { startBystander, type Bystander } from '../support/bystander.ts'
import { makeCredential, startTestBroker, type TestBroker } from '../support/broker.ts'
import { rawClient, rawConnect } from '../support/raw-mqtt.ts'
import { until } from '../support/until.ts'

const gateway = makeCredential({ type: 'gateway', estate: 'e1', gateway: 'g1' })
const ext = makeCredential({ type: 'ext', estate: 'e1', name: 'bms' })
const login = { username: gateway.username, password: Buffer.from(gateway.password) }
const extLogin = { username: ext.username, password: Buffer.from(ext.password) }
/** A busy machine may be slow; without the bounds everybody stands still for 30 to 60 s. */
const MOST_MS = 5_000

let broker: TestBroker
let bystander: Bystander
afterEach(() => broker.close())

async function start(options: Parameters<typeof startTestBroker>[0] = {}): Promise<void> {
  broker = await startTestBroker({ credentials: [gateway, ext], ...options })
  bystander = startBystander(await broker.connect(ext, { clientId: 'bystander' }), 'estates/e1/ext/beat')
}

const raw = () => rawClient(broker.broker.mqttPort)
const codeOf = (attempt: Promise<unknown>) => attempt.then(() => 0).catch((error: unknown) => (error as { code?: number }).code ?? 'closed')
async function countOf(reason: RefusalReason): Promise<number> {
  const { refusals } = await broker.link.request<BrokerStats>('stats')
  return refusals.filter(({ what }) => what === reason).reduce((sum, { count }) => sum + count, 0)
}
async function expectUndisturbed(): Promise<void> {
  const { acked, longestMs, isUndisturbed } = await bystander.stop()
  expect(isUndisturbed).toBe(true)
  expect(acked).toBeGreaterThan(0)
  expect(longestMs).toBeLessThan(MOST_MS)
}

test('a packet that announces more than it may hold is cut at its header, before and after CONNECT, and what is no MQTT too; each is counted', async () => {
  await start()
  const before = process.memoryUsage().rss
  const strangers = Array.from({ length: 20 }, () => raw())
  for (const { socket } of strangers) socket.write(Buffer.concat([Buffer.from([0x10, 0x80, 0x80, 0x80, 0x20]), Buffer.alloc(60_000)])) // CONNECT, 64 MiB
  await Promise.all(strangers.map((stranger) => stranger.closed()))
  const known = raw()
  expect(await rawConnect(known, login)).toBe(0)
  known.socket.write(Buffer.concat([Buffer.from([0x32, 0x80, 0x80, 0x80, 0x20]), Buffer.alloc(60_000)])) // PUBLISH, 64 MiB
  const browser = raw()
  browser.socket.write('GET / HTTP/1.1\r\n\r\n')
  await Promise.all([known.closed(), browser.closed()])
  expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20)
  await until(async () => (await countOf('protocol')) === 22)
  await expectUndisturbed()
})

test('who sends no CONNECT is closed after 5 s and counted', async () => {
  await start()
  const silent = Array.from({ length: 300 }, () => raw())
  const times = await Promise.all(silent.map((one) => one.closed()))
  expect(Math.min(...times)).toBeGreaterThan(4_500)
  await until(async () => (await countOf('protocol')) === 300)
  await expectUndisturbed()
})

test('strangers of one address are bounded by themselves: over their number they are dropped at once and counted, another address comes in', async () => {
  await start({ limits: { connections: 1_000, strangersPerAddress: 20 } })
  const strangers = Array.from({ length: 30 }, () => rawClient(broker.broker.mqttPort, { localAddress: '127.0.0.9' }))
  await until(() => strangers.filter((stranger) => stranger.isClosed()).length === 10)
  expect(await countOf('too-many-connections')).toBe(10)
  expect(await codeOf(broker.connect(gateway))).toBe(0)
  await expectUndisturbed()
  for (const { socket } of strangers) socket.destroy()
})

test('over the number of clients the next is dropped at once and counted; with a place free again it comes in', async () => {
  await start({ limits: { connections: 10, strangersPerAddress: 10 } })
  const others = await Promise.all(Array.from({ length: 9 }, (_, n) => broker.connect(ext, { clientId: `other ${n}` })))
  expect(await codeOf(broker.connect(gateway))).toBe('closed')
  expect(await countOf('too-many-connections')).toBe(1)
  await others[0]!.endAsync()
  await until(() => broker.connect(gateway).catch(() => undefined))
  await expectUndisturbed()
})

test('fifty at once who guess one password: twenty are checked, the rest and the right one are closed without a CONNACK, and counted', async () => {
  await start()
  const guess = async (n: number) => rawConnect(raw(), { ...login, password: Buffer.from(`guess ${n}`), clientId: `g${n}` })
  const first = await Promise.all(Array.from({ length: 50 }, (_, n) => guess(n)))
  expect(first.every((code) => code === 5 || code === 'closed')).toBe(true)
  const patient = raw()
  expect(await rawConnect(patient, login)).toBe('closed')
  expect(patient.isClosed()).toBe(true) // a hook that only says no would leave the socket open
  expect(await countOf('wrong-credentials')).toBeGreaterThanOrEqual(20)
  expect((await countOf('wrong-credentials')) + (await countOf('too-many-failures'))).toBe(51)
  const elsewhere = rawClient(broker.broker.mqttPort, { localAddress: '127.0.0.9' })
  expect(await rawConnect(elsewhere, login)).toBe(0)
  elsewhere.socket.destroy()
  await expectUndisturbed()
})

test('who reads nothing is cut once its queue is full, with every QoS, and is counted', async () => {
  await start()
  for (const qos of [0, 1] as const) {
    const slow = raw()
    expect(await rawConnect(slow, { ...extLogin, clientId: `slow ${qos}` })).toBe(0)
    slow.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'estates/e1/#', qos }] })
    await until(() => slow.packets.some(({ cmd }) => cmd === 'suback'))
    slow.socket.pause()
    const client = await broker.connect(gateway)
    await until(async () => {
      await Promise.all(
        Array.from({ length: 20 }, () => client.publishAsync('estates/e1/camera/c1/event', Buffer.alloc(20_000), { qos: 1 })),
      )
      return (await countOf('too-slow')) === qos + 1
    })
    slow.socket.destroy()
    await client.endAsync()
  }
  await expectUndisturbed()
})

test('the queue of an absent subscriber holds its newest 1,000 messages, and draining it holds nobody up', async () => {
  await start()
  const absent = await broker.connect(ext, { clientId: 'absent', clean: false })
  await absent.subscribeAsync('estates/e1/+/+/event', { qos: 1 })
  await absent.endAsync()
  const client = await broker.connect(gateway)
  for (let n = 0; n < 1_500; n += 100)
    await Promise.all(Array.from({ length: 100 }, (_, i) => client.publishAsync('estates/e1/camera/c1/event', String(n + i), { qos: 1 })))
  const again = raw()
  expect(await rawConnect(again, { ...extLogin, clientId: 'absent', clean: false })).toBe(0)
  const heard = () => again.packets.flatMap((packet) => (packet.cmd === 'publish' ? [Number(packet.payload.toString())] : []))
  await until(() => heard().length >= 1_000)
  expect(heard()).toEqual(Array.from({ length: 1_000 }, (_, n) => 500 + n))
  await expectUndisturbed()
})

test('a publish outside its rights is acknowledged first, then the connection is closed, and is counted; with QoS 2 too', async () => {
  await start()
  for (const qos of [1, 2] as const) {
    const client = raw()
    expect(await rawConnect(client, { ...login, clientId: `q${qos}` })).toBe(0)
    client.send({ cmd: 'publish', topic: 'estates/e2/camera/c1/event', payload: '{}', qos, messageId: 7, dup: false, retain: false })
    await client.closed()
    expect(client.packets.at(-1)).toMatchObject({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId: 7 })
    expect(await countOf('publish')).toBe(qos)
  }
  await expectUndisturbed()
})

test('a client over its rate is read more slowly while another one is not', async () => {
  await start()
  const fast = await broker.connect(gateway)
  let acked = 0
  for (let n = 0; n < 22_000; n++) fast.publish('estates/e1/camera/c1/event', '{}', { qos: 1 }, (error) => (acked += error ? 0 : 1))
  await until(() => acked >= 20_000, { timeoutMs: 30_000 })
  const other = startBystander(await broker.connect(ext, { clientId: 'other' }), 'estates/e1/ext/other')
  await until(() => acked === 22_000, { timeoutMs: 30_000 })
  const { longestMs, isUndisturbed } = await other.stop()
  expect([isUndisturbed, longestMs < MOST_MS, fast.connected]).toEqual([true, true, true])
  await expectUndisturbed()
})
