import { afterEach, expect, test } from 'vitest'
import type { BrokerStats } from '../../domain/broker-stats.ts'
import type { Presence, SystemFault, Tick } from '../../domain/system.ts'
import { makeCredential, startTestBroker, type TestBroker } from '../support/broker.ts'
import { until } from '../support/until.ts'

const gateway = makeCredential({ type: 'gateway', estate: 'e1', gateway: 'g1' })
const ext = makeCredential({ type: 'ext', estate: 'e1', name: 'bms' })
const camera = 'estates/e1/camera/c1/telemetry'
const lift = 'estates/e1/elevator/l1/telemetry'

let broker: TestBroker
afterEach(() => broker.close())

async function start(options: Parameters<typeof startTestBroker>[0] = {}): Promise<void> {
  broker = await startTestBroker({ credentials: [gateway, ext], ...options })
}

const stats = () => broker.link.request<BrokerStats>('stats')
const entriesOn = (topic: string) => broker.entries().filter((entry) => entry.topic === topic)
function payloadsOn<T>(topic: string): readonly T[] {
  return entriesOn(topic).map(({ payload }) => JSON.parse(Buffer.from(payload).toString()) as T)
}

test('a client that sends too fast is read more slowly, keeps its order and its connection, and loses nothing', async () => {
  await start()
  const client = await broker.connect(ext, { keepalive: 5 })
  const total = 24_000
  const from = performance.now()
  const acked: number[] = []
  await new Promise<void>((resolve) => {
    for (let n = 0; n < total; n++)
      client.publish('estates/e1/ext/n', String(n), { qos: 1 }, () => {
        acked.push(n)
        if (acked.length === total) resolve()
      })
  })
  expect(performance.now() - from).toBeGreaterThan(((total - 20_000) / 2_000) * 1_000 * 0.8)
  expect(acked).toEqual(Array.from({ length: total }, (_, n) => n))
  expect(entriesOn('estates/e1/ext/n').map(({ payload }) => Number(Buffer.from(payload)))).toEqual(acked)
  expect(client.connected).toBe(true)
})

test('under the floor telemetry that can wait is not acknowledged, a lift is; with room again the rest is redelivered', async () => {
  let freeMib = 10_000
  await start({ freeMib: () => freeMib })
  const client = await broker.connect(gateway, { reconnectPeriod: 50 })
  freeMib = 300
  await until(async () => (await stats()).disk.stage === 'floor')
  let isAcked = false
  client.publish(camera, '{"fps":1}', { qos: 1 }, () => (isAcked = true))
  await client.publishAsync(lift, '{"floor":3}', { qos: 1 })
  expect([isAcked, entriesOn(camera).length, client.connected]).toEqual([false, 0, true])
  await until(() => payloadsOn<SystemFault>('system/fault').length > 0)
  expect(payloadsOn<SystemFault>('system/fault').at(-1)).toMatchObject({ code: 'disk-low', active: true })
  freeMib = 10_000
  await until(() => isAcked)
  expect(entriesOn(camera).length).toBe(1)
  await until(() => payloadsOn<SystemFault>('system/fault').at(-1)?.active === false)
})

test('a full disk: held, then disconnected by us; no CONNECT but 3, ticks say so; with room again all is taken', async () => {
  let freeMib = 10_000
  await start({ freeMib: () => freeMib, holdMs: 300 })
  const client = await broker.connect(gateway)
  const idle = await broker.connect(ext)
  freeMib = 20
  await until(async () => (await stats()).disk.stage === 'full')
  const closed = Promise.all([client, idle].map((one) => new Promise<void>((resolve) => one.once('close', resolve))))
  let isAcked = false
  client.publish(lift, '{"floor":3}', { qos: 1 }, (error) => (isAcked = !error))
  await closed
  expect(isAcked).toBe(false)
  await expect(broker.connect(gateway)).rejects.toMatchObject({ code: 3 })
  await until(() => payloadsOn<Tick>('system/tick').at(-1)?.intake === false)
  const whats = () => payloadsOn<Presence>('system/presence').map(({ what }) => what)
  await until(() => whats().filter((what) => what === 'closed-by-us').length === 2)
  expect(whats().includes('gone')).toBe(false)
  freeMib = 10_000
  const again = await until(() => broker.connect(gateway).catch(() => undefined))
  await again.publishAsync(lift, '{"floor":3}', { qos: 1 })
  expect(entriesOn(lift).length).toBe(1)
})

test('old segments are given back once every consumer has passed them, or is declared gone', async () => {
  await start({ env: { JOURNAL_GIB: '0.01' }, segmentBytes: 1 << 20, retentionEveryMs: 50 })
  const client = await broker.connect(ext)
  for (let n = 0; n < 40; n++) await client.publishAsync('estates/e1/ext/big', Buffer.alloc(500_000), { qos: 1 })
  const before = (await stats()).journal
  expect(before.segments).toBeGreaterThan(12)
  for (const name of ['ingest', 'alarms']) await broker.link.request('committed', { name, cursor: before.head })
  await broker.link.request('committed', { name: 'dashboard', cursor: 10 })
  await until(async () => (await stats()).journal.first > 1)
  expect((await stats()).journal.first).toBeLessThanOrEqual(11)
  const passed = (await stats()).journal.first
  await broker.link.request('gone', { name: 'dashboard' })
  await broker.link.request('committed', { name: 'dashboard', cursor: 10 }) // still alive, and no further
  await until(async () => (await stats()).journal.first > passed)
  await until(async () => (await stats()).journal.bytes < 13 << 20)
  await until(() => broker.journal.first() > before.head - 30)
  await until(() => broker.journal.read(0, 10)[0]!.seq === broker.journal.first())
})
