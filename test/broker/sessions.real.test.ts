import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MqttClient } from 'mqtt'
import type { Alarm } from '../../domain/alarm.ts'
import type { Presence, Tick } from '../../domain/system.ts'
import { makeCredential, startTestBroker, type TestBroker } from '../support/broker.ts'
import { until } from '../support/until.ts'

const gateway = makeCredential({ type: 'gateway', estate: 'e1', gateway: 'g1' })
const ext = makeCredential({ type: 'ext', estate: 'e1', name: 'bms' })

let broker: TestBroker
beforeEach(async () => {
  broker = await startTestBroker({ credentials: [gateway, ext] })
})
afterEach(() => broker.close())

interface Heard {
  readonly topic: string
  readonly text: string
  readonly retain: boolean
}

function listen(client: MqttClient): Heard[] {
  const heard: Heard[] = []
  client.on('message', (topic, payload, { retain }) => heard.push({ topic, text: payload.toString(), retain }))
  return heard
}

function payloadsOn<T>(topic: string): readonly T[] {
  return broker
    .entries()
    .filter((entry) => entry.topic === topic)
    .map(({ payload }) => JSON.parse(Buffer.from(payload).toString()) as T)
}

const presences = () =>
  payloadsOn<Presence>('system/presence').map(({ what, username, connections }) => `${username} ${what} ${connections}`)

test('a kept session has its subscriptions after a restart of the broker, and gets what came while it was away', async () => {
  const absent = await broker.connect(ext, { clientId: 'kept', clean: false })
  await absent.subscribeAsync('estates/e1/+/+/event', { qos: 1 })
  await broker.restart()
  const client = await broker.connect(gateway)
  await client.publishAsync('estates/e1/camera/c1/event', '{"n":1}', { qos: 1 })
  const again = await broker.connect(ext, { clientId: 'kept', clean: false })
  const heard = listen(again)
  await until(() => heard.length === 1)
  expect(heard[0]!.text).toBe('{"n":1}')
})

test('retained messages are kept over a restart, only on availability and below ext/, and emptied by an empty one', async () => {
  const client = await broker.connect(gateway)
  const system = await broker.connect(ext)
  await client.publishAsync('estates/e1/camera/c1/availability', 'online', { qos: 1, retain: true })
  await client.publishAsync('estates/e1/camera/c1/telemetry', '{}', { qos: 1, retain: true })
  await system.publishAsync('estates/e1/ext/a', 'kept', { qos: 1, retain: true })
  await system.publishAsync('estates/e1/ext/b', 'gone', { qos: 1, retain: true })
  await system.publishAsync('estates/e1/ext/b', '', { qos: 1, retain: true })
  await broker.restart()
  const reader = await broker.connect(ext)
  const heard = listen(reader)
  await reader.subscribeAsync('estates/e1/#', { qos: 1 })
  await until(() => heard.length >= 2)
  await (await broker.connect(ext)).publishAsync('estates/e1/ext/last', 'x', { qos: 1 })
  await until(() => heard.some(({ text }) => text === 'x'))
  expect(heard.slice(0, -1).sort((a, b) => a.topic.localeCompare(b.topic))).toEqual([
    { topic: 'estates/e1/camera/c1/availability', text: 'online', retain: true },
    { topic: 'estates/e1/ext/a', text: 'kept', retain: true },
  ])
})

test('another system keeps at most 1,000 retained messages; the next are taken and not retained', async () => {
  const client = await broker.connect(ext)
  await Promise.all(Array.from({ length: 1_010 }, (_, n) => client.publishAsync(`estates/e1/ext/${n}`, 'x', { qos: 1, retain: true })))
  const reader = await broker.connect(ext)
  const heard = listen(reader)
  await reader.subscribeAsync('estates/e1/ext/#', { qos: 1 })
  await until(() => heard.length === 1_000)
  expect(broker.entries().filter(({ topic }) => topic.startsWith('estates/e1/ext/')).length).toBe(1_010)
})

test('a connection that breaks is known at once, its will is journaled; a clean end tells no will', async () => {
  const will = { topic: 'estates/e1/gateway/g1/availability', payload: Buffer.from('offline'), qos: 1 as const, retain: true }
  const client = await broker.connect(gateway, { will })
  client.stream.destroy()
  await until(() => presences().includes('gw.e1.g1 gone 0'))
  await until(() => broker.entries().some(({ topic, payload }) => topic === will.topic && Buffer.from(payload).toString() === 'offline'))
  const second = await broker.connect(gateway, { will })
  await second.endAsync()
  await until(() => presences().filter((line) => line === 'gw.e1.g1 gone 0').length === 2)
  expect(broker.entries().filter(({ topic }) => topic === will.topic).length).toBe(1)
})

test('a client that falls silent is gone after 1.5 × its keep alive', async () => {
  const client = await broker.connect(gateway, { keepalive: 1, reschedulePings: false })
  ;(client.stream as unknown as { pause(): void; write: unknown }).write = () => true // nothing leaves any more
  await until(() => presences().includes('gw.e1.g1 gone 0'), { timeoutMs: 5_000 })
})

test('connections of one credential are counted, and a take-over is said to be one', async () => {
  await broker.connect(gateway, { clientId: 'one' })
  const two = await broker.connect(gateway, { clientId: 'two' })
  await broker.connect(gateway, { clientId: 'one' })
  await two.endAsync()
  await until(() => presences().length === 4)
  expect(presences()).toEqual(['gw.e1.g1 connected 1', 'gw.e1.g1 connected 2', 'gw.e1.g1 connected 2', 'gw.e1.g1 gone 1'])
  expect(payloadsOn<Presence>('system/presence').map(({ takeOver }) => takeOver ?? false)).toEqual([false, false, true, false])
})

test('who is disconnected by a restart is closed by us, tells no will, and is neither gone nor forgotten', async () => {
  const will = { topic: 'estates/e1/gateway/g1/availability', payload: Buffer.from('offline'), qos: 1 as const, retain: true }
  await broker.connect(gateway, { will })
  await until(() => presences().length === 1)
  await broker.broker.close()
  await broker.restart()
  await until(() => presences().includes('gw.e1.g1 closed-by-us 0'))
  expect(presences().some((line) => line.includes('gone'))).toBe(false)
  expect(broker.entries().some(({ topic }) => topic === will.topic)).toBe(false)
})

test('ticks come each second and go on over a restart, which says its gap', async () => {
  await until(() => payloadsOn<Tick>('system/tick').length >= 3)
  await broker.restart()
  const count = payloadsOn<Tick>('system/tick').length
  await until(() => payloadsOn<Tick>('system/tick').length > count)
  const ticks = payloadsOn<Tick>('system/tick')
  expect(ticks[0]!.gapMs).toBeUndefined()
  expect(ticks.filter(({ gapMs }) => gapMs !== undefined).length).toBe(1)
  for (const [i, { elapsedMs, intake }] of ticks.entries()) {
    expect(intake).toBe(true)
    if (i > 0) expect(elapsedMs).toBeGreaterThanOrEqual(ticks[i - 1]!.elapsedMs)
  }
})

test('an alarm that the engine appends stands retained for other systems until it is closed', async () => {
  const follower = await broker.connect(ext)
  const heard = listen(follower)
  await follower.subscribeAsync('estates/e1/alarms/#', { qos: 1 })
  const alarm = { id: '12-cut-z1', estate: 'e1', state: 'unacknowledged', transition: 1 } as Alarm
  const seq = await broker.link.append('system/alarm', { v: 1, alarm })
  expect(seq).toBeGreaterThan(0)
  await until(() => heard.length === 1)
  expect(JSON.parse(heard[0]!.text)).toMatchObject({ id: '12-cut-z1' })
  const late = await broker.connect(ext)
  const lateHeard = listen(late)
  await late.subscribeAsync('estates/e1/alarms/#', { qos: 1 })
  await until(() => lateHeard.length === 1 && lateHeard[0]!.retain)
  await broker.link.append('system/alarm', { v: 1, alarm: { ...alarm, state: 'closed', transition: 2 } })
  await until(() => heard.length === 2)
  expect(heard[1]!.text).toBe('')
})
