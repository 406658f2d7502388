import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAlarms } from '../../../alarms/role.ts'
import type { Alarm } from '../../../domain/alarm.ts'
import { SMALL_ESTATE, plant } from '../../estates/small-estate.ts'
import { silentLog, startTestBroker, type TestBroker } from '../../support/broker.ts'
import { startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'
import { until } from '../../support/until.ts'

let broker: TestBroker
let engine: { close(): Promise<void> } | undefined
let server: TestDashboard
let publish: (topic: string, payload: object) => Promise<unknown>
beforeAll(async () => {
  broker = await startTestBroker()
  server = await startTestDashboard({ dataDir: broker.dataDir, actionWaitMs: 2000 })
  engine = await startAlarms(broker.config, silentLog)
  expect((await server.admin.call('POST', '/estates', SMALL_ESTATE)).status).toBe(201)
  const { body } = await server.admin.call<{ username: string; password: string }>('POST', '/estates/small/gateways', { name: 'gw-1' })
  const client = await broker.connect(body)
  publish = (topic, payload) => client.publishAsync(`estates/small/${topic}`, JSON.stringify(payload), { qos: 1 })
})
afterAll(async () => {
  await server.close()
  await engine?.close()
  await broker.close()
})

const standing = async () => (await server.admin.call<{ alarms: Alarm[] }>('GET', '/alarms?estate=small&standing=true')).body.alarms
const cut = async () => (await standing()).find(({ code }) => code === 'cut')
const act = (id: string, action: string, body: unknown = {}, headers = {}) =>
  server.admin.call<Alarm & { error?: { code: string } }>('POST', `/alarms/${id}/${action}`, body, headers)

test('a cut wire is on the desk, acknowledged, commented once, and reset when it is mended', async () => {
  const desk = await server.person('desk', ['small'])
  const client = await desk.live()
  client.socket.emit('watch', { estate: 'small' })
  await until(() => client.of('snapshot').length === 1)

  await publish('fence-zone/zone-1/event', { ts: Date.now(), code: 'cut', active: true, chainage_m: 61 })
  const live = await until(() => client.of('alarm').find(({ code }) => code === 'cut'))
  expect(live).toMatchObject({ estate: 'small', device: 'zone-1', priority: 1, state: 'unacknowledged', responsible: 'guard-1' })
  const { id } = (await cut())!
  expect(id).toBe(live.id)

  const taken = await desk.call<Alarm>('POST', `/alarms/${id}/acknowledge`, { transition: live.transition })
  expect([taken.status, taken.body.state, taken.body.acknowledgedBy]).toEqual([200, 'acknowledged', desk.username])
  await until(() => client.of('alarm').some(({ state }) => state === 'acknowledged'))
  expect((await desk.call('POST', `/alarms/${id}/acknowledge`)).status).toBe(200)

  const key = { 'idempotency-key': 'once' }
  expect((await act(id, 'comment', { text: '已派人' }, key)).body.comments).toHaveLength(1)
  expect((await act(id, 'comment', { text: '已派人' }, key)).body.comments).toHaveLength(1)

  const early = await act(id, 'reset')
  expect([early.status, early.body.error?.code]).toEqual([409, 'still-active'])
  await publish('fence-zone/zone-1/event', { ts: Date.now(), code: 'cut', active: false })
  await until(async () => (await cut())?.state === 'latched')
  expect((await act(id, 'reset')).body).toMatchObject({ id, state: 'closed' })
  const whole = await server.admin.call<Alarm & { timeline: { what: string }[] }>('GET', `/alarms/${id}`)
  expect(whole.body.timeline.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['raised', 'acknowledged', 'commented', 'returned', 'reset']),
  )
  expect((await act(id, 'shelve', { until: Date.now() + 60_000, reason: 'x' })).status).toBe(409)
})

test('what makes no sense is refused before it reaches the journal', async () => {
  await publish('fence-zone/zone-2/event', { ts: Date.now(), code: 'cut', active: true })
  const { id } = await until(cut)
  expect((await act(id, 'assign', { person: 'nobody' })).status).toBe(400)
  expect((await act(id, 'shelve', { until: Date.now() - 1, reason: 'x' })).status).toBe(400)
  expect((await act(id, 'assign', { person: 'guard-1' })).body.responsible).toBe('guard-1')
  const outsider = await server.person('desk', ['elsewhere'])
  expect((await outsider.call('POST', `/alarms/${id}/acknowledge`)).status).toBe(403)
  expect((await outsider.call('GET', `/alarms/${id}`)).status).toBe(403)
  const theirs = (await outsider.call<{ alarms: Alarm[] }>('GET', '/alarms')).body.alarms
  expect(theirs.filter(({ kind }) => kind !== 'system')).toEqual([])
})

test('alarms come in pages, the newest first', async () => {
  const all = (await server.admin.call<{ alarms: Alarm[] }>('GET', '/alarms')).body.alarms
  const first = (await server.admin.call<{ alarms: Alarm[]; next: string }>('GET', '/alarms?limit=1')).body
  expect(first.alarms).toEqual(all.slice(0, 1))
  const second = (await server.admin.call<{ alarms: Alarm[]; next: string | null }>('GET', `/alarms?limit=500&cursor=${first.next}`)).body
  expect(second).toEqual({ alarms: all.slice(1), next: null })
  const ofOne = (await server.admin.call<{ alarms: Alarm[] }>('GET', '/alarms?estate=small&kind=fence-zone&device=zone-2')).body.alarms
  expect(ofOne.length).toBeGreaterThan(0)
  expect(ofOne).toEqual(all.filter(({ device }) => device === 'zone-2'))
  expect((await server.admin.call<{ alarms: Alarm[] }>('GET', '/alarms?device=zone-9')).body.alarms).toEqual([])
})

test('an estate whose device would vanish under a standing P1 is refused, unless forced; its alarm is then closed', async () => {
  const without = plant(
    plant(SMALL_ESTATE, '  - {id: zone-2, kind: fence-zone, name: 第2防区, gateway: gw-1, site: {fromM: 200, toM: 402.9}}\n', ''),
    'toM: 200}',
    'toM: 402.9}',
  )
  const refused = await server.admin.call<{ error: { code: string; fields: unknown } }>('POST', '/estates', without)
  expect([refused.status, refused.body.error.code]).toEqual([409, 'urgent-alarms-stand'])
  expect(refused.body.error.fields).toEqual([{ path: 'fence-zone/zone-2', rule: 'cut stands' }])
  expect((await server.admin.call('DELETE', '/estates/small')).status).toBe(409)
  expect((await server.admin.call('POST', '/estates?force=true', without)).status).toBe(200)
  await until(async () => (await cut()) === undefined)
})

test('while the engine is down an action waits in the journal and says so', async () => {
  await publish('fence-zone/zone-1/event', { ts: Date.now(), code: 'cut', active: true })
  const { id } = await until(cut)
  await engine!.close()
  engine = undefined
  const behind = await act(id, 'acknowledge')
  expect([behind.status, behind.body.error?.code]).toEqual([503, 'alarm-engine-behind'])
  engine = await startAlarms(broker.config, silentLog)
  await until(async () => (await cut())?.state === 'acknowledged')
})
