import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BrokerStats } from '../../domain/broker-stats.ts'
import { makeCredential, startTestBroker, type TestBroker } from '../support/broker.ts'
import { until } from '../support/until.ts'

const gateway = makeCredential({ type: 'gateway', estate: 'e1', gateway: 'g1' })
const device = makeCredential({ type: 'device', estate: 'e1', kind: 'elevator', device: 'l1' })
const ext = makeCredential({ type: 'ext', estate: 'e1', name: 'bms' })

let broker: TestBroker
beforeEach(async () => {
  broker = await startTestBroker({ credentials: [gateway, device, ext] })
})
afterEach(() => broker.close())

const entriesOn = (prefix: string) => broker.entries().filter(({ topic }) => topic.startsWith(prefix))

test('a PUBACK and a PUBREC come only after the message is in the journal; QoS 0 is journaled too', async () => {
  const client = await broker.connect(gateway)
  for (const qos of [0, 1, 2] as const) {
    const topic = `estates/e1/camera/c${qos}/telemetry`
    await client.publishAsync(topic, `{"fps":${qos}}`, { qos })
    const found = qos === 0 ? await until(() => entriesOn(topic)[0]) : entriesOn(topic)[0]!
    expect(found).toMatchObject({ client: gateway.username, topic })
    expect(Buffer.from(found.payload).toString()).toBe(`{"fps":${qos}}`)
  }
})

test('a subscriber is sent what others publish, at its own QoS', async () => {
  const subscriber = await broker.connect(ext)
  await subscriber.subscribeAsync('estates/e1/#', { qos: 1 })
  const received = new Map<string, number>()
  subscriber.on('message', (topic, _payload, packet) => received.set(topic, packet.qos))
  const client = await broker.connect(gateway)
  for (const qos of [0, 1, 2] as const) await client.publishAsync(`estates/e1/camera/c${qos}/telemetry`, '{}', { qos })
  await until(() => received.size === 3)
  expect([...received.values()]).toEqual([0, 1, 1])
})

test('a publish outside its rights is acknowledged, kept as refused, and ends the connection', async () => {
  const client = await broker.connect(gateway)
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  await client.publishAsync('estates/e2/camera/c1/telemetry', '{"fps":25}', { qos: 1 })
  await closed
  const refused = await until(() => entriesOn('system/refused')[0])
  expect(JSON.parse(Buffer.from(refused.payload).toString())).toMatchObject({
    username: gateway.username,
    topic: 'estates/e2/camera/c1/telemetry',
    payloadBase64: Buffer.from('{"fps":25}').toString('base64'),
  })
  expect(entriesOn('estates/e2').length).toBe(0)
})

test('a message of 1 MiB is taken, a larger one ends the connection', async () => {
  const client = await broker.connect(ext)
  await client.publishAsync('estates/e1/ext/big', Buffer.alloc(1 << 20), { qos: 1 })
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.publish('estates/e1/ext/big', Buffer.alloc(2 << 20), { qos: 1 })
  await closed
  expect(entriesOn('estates/e1/ext/big').length).toBe(1)
})

test('a subscription outside the rights is refused with 0x80 while the others of the packet hold', async () => {
  const client = await broker.connect(gateway)
  const filters = ['estates/e1/+/+/command', 'estates/e1/#', '$share/g/estates/e1/+/+/command']
  const granted = await new Promise((resolve) => {
    client.once('packetreceive', (packet) => resolve((packet as { granted: number[] }).granted))
    client.subscribe(filters, { qos: 1 }, () => undefined)
  })
  expect(granted).toEqual([1, 128, 128])
  expect((await broker.link.request<BrokerStats>('stats')).refusals.find(({ what }) => what === 'subscribe')).toMatchObject({
    username: gateway.username,
    count: 2,
  })
})
