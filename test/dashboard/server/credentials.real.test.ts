import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SMALL_ESTATE } from '../../estates/small-estate.ts'
import { startTestBroker, type TestBroker } from '../../support/broker.ts'
import { startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'
import { until } from '../../support/until.ts'

interface Secret {
  readonly username: string
  readonly password: string
}
interface Listed {
  readonly username: string
  readonly connected: boolean
  readonly lastSeenAt: number | null
}

let broker: TestBroker
let server: TestDashboard
beforeAll(async () => {
  broker = await startTestBroker()
  server = await startTestDashboard({ dataDir: broker.dataDir })
  expect((await server.admin.call('POST', '/estates', SMALL_ESTATE)).status).toBe(201)
})
afterAll(async () => {
  await server.close()
  await broker.close()
})

const closing = (client: MqttClient) => new Promise<void>((resolve) => client.once('close', () => resolve()))
const list = async () => (await server.admin.call<Listed[]>('GET', '/estates/small/credentials')).body

test('a gateway gets a credential once, is let in with it, seen, rotated and revoked, and disconnected at once', async () => {
  const made = await server.admin.call<Secret>('POST', '/estates/small/gateways', { name: 'gw-1' })
  expect(made.status).toBe(201)
  expect(Object.keys(made.body)).toEqual(['username', 'password'])
  expect(made.body.username).toBe('gw.small.gw-1')
  expect(made.body.password).toHaveLength(43) // 256 bits in base64url
  expect((await server.admin.call('POST', '/estates/small/gateways', { name: 'gw-1' })).status).toBe(409)

  const first = await broker.connect(made.body)
  await until(async () => (await list())[0]?.connected)
  expect(await list()).toMatchObject([{ username: 'gw.small.gw-1', kind: 'gateway', connected: true }])
  expect(JSON.stringify(await list())).not.toMatch(/password|sha/i)

  const closed = closing(first)
  const rotated = await server.admin.call<Secret>('POST', '/estates/small/credentials/gw.small.gw-1/rotate')
  expect(rotated.status).toBe(200)
  await closed
  await expect(broker.connect(made.body)).rejects.toThrow()
  const second = await broker.connect(rotated.body)
  const ended = closing(second)
  expect((await server.admin.call('DELETE', '/estates/small/credentials/gw.small.gw-1')).status).toBe(204)
  await ended
  await expect(broker.connect(rotated.body)).rejects.toThrow()
  expect((await server.admin.call('DELETE', '/estates/small/credentials/gw.small.gw-1')).status).toBe(404)
  expect((await server.admin.call('POST', '/estates/small/credentials/gw.small.gw-1/rotate')).status).toBe(404)
})

test('a device and another system get theirs, within the estate only', async () => {
  const device = await server.admin.call<Secret>('POST', '/estates/small/devices/elevator/lift-1-1/credential')
  expect([device.status, device.body.username]).toEqual([201, 'dev.small.elevator.lift-1-1'])
  expect((await server.admin.call('POST', '/estates/small/devices/elevator/nothing/credential')).status).toBe(404)
  const body = { name: 'erp', publish: ['estates/small/ext/erp/#'], subscribe: ['estates/small/+/+/event'] }
  expect((await server.admin.call<Secret>('POST', '/estates/small/credentials', body)).body.username).toBe('ext.small.erp')
  const bad = await server.admin.call<{ error: { fields: unknown[] } }>('POST', '/estates/small/credentials', {
    name: 'bad',
    publish: ['estates/small/camera/#'],
    subscribe: ['#', 'estates/small/#'],
  })
  expect(bad.status).toBe(400)
  expect(bad.body.error.fields).toEqual([
    { path: '/publish/0', rule: 'must begin with estates/small/ext/' },
    { path: '/subscribe/0', rule: 'must begin with estates/small/' },
  ])
  expect((await list()).map(({ username }) => username)).toEqual(['dev.small.elevator.lift-1-1', 'ext.small.erp'])
})

test('whoever connects a box sees each of its messages, understood or refused in words', async () => {
  const { body: secret } = await server.admin.call<Secret>('POST', '/estates/small/gateways', { name: 'gw-1' })
  const client = await broker.connect(secret)
  await client.publishAsync('estates/small/elevator/lift-1-1/telemetry', JSON.stringify({ floor: 3 }), { qos: 1 })
  await client.publishAsync('estates/small/elevator/lift-1-1/telemetry', JSON.stringify({ speed_mps: 124 }), { qos: 1 })
  const path = '/estates/small/credentials/gw.small.gw-1/messages'
  interface Messages {
    messages: { seq: number; topic: string; payload: string; outcomes: { ok: boolean; reason?: string; field?: string }[] }[]
  }
  const messages = await until(async () => {
    const { body } = await server.admin.call<Messages>('GET', path)
    return body.messages.length === 2 ? body.messages : undefined
  })
  expect(messages.map(({ payload, outcomes }) => [payload, outcomes[0]])).toEqual([
    ['{"floor":3}', expect.objectContaining({ ok: true })],
    ['{"speed_mps":124}', expect.objectContaining({ ok: false, reason: 'out-of-range', field: 'speed_mps' })],
  ])
  expect((await server.admin.call<Messages>('GET', `${path}?after=${messages[0]!.seq}`)).body.messages).toHaveLength(1)
})

test('a broker that comes back is told the credentials again', async () => {
  const { body: secret } = await server.admin.call<Secret>('POST', '/estates/small/credentials/gw.small.gw-1/rotate')
  await broker.restart()
  const client = await until(() => broker.connect(secret).catch(() => undefined))
  expect(client.connected).toBe(true)
})

test('the operations page knows clients, refusals and the journal', async () => {
  await expect(broker.connect({ username: 'gw.small.gw-1', password: 'wrong' })).rejects.toThrow()
  const body = await until(async () => {
    const answer = await server.admin.call<{ clients: unknown[] }>('GET', '/operations')
    return answer.body.clients.length > 0 ? answer.body : undefined
  })
  expect(body).toMatchObject({
    roles: { broker: { state: 'running' }, dashboard: { state: 'running' }, ingest: null, alarms: null },
    journal: { first: 1, segments: 1 },
    store: { name: 'sqlite', state: 'unknown' },
    clients: [{ username: 'gw.small.gw-1', protocol: 'mqtt' }],
    refusals: [expect.objectContaining({ username: 'gw.small.gw-1', what: 'wrong-credentials', count: 1 })],
  })
})
