import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAlarms } from '../../../alarms/role.ts'
import { startIngest } from '../../../ingest/role.ts'
import { SMALL_ESTATE } from '../../estates/small-estate.ts'
import { silentLog, startTestBroker, type TestBroker } from '../../support/broker.ts'
import { startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'
import { until } from '../../support/until.ts'

let broker: TestBroker
let server: TestDashboard
const roles: { close(): Promise<void> }[] = []
let publish: (topic: string, payload: object) => Promise<unknown>
beforeAll(async () => {
  broker = await startTestBroker()
  server = await startTestDashboard({ dataDir: broker.dataDir })
  roles.push(await startIngest(broker.config, silentLog), await startAlarms(broker.config, silentLog))
  await server.admin.call('POST', '/estates', SMALL_ESTATE)
  const { body } = await server.admin.call<{ username: string; password: string }>('POST', '/estates/small/gateways', { name: 'gw-1' })
  const client = await broker.connect(body)
  publish = (topic, payload) => client.publishAsync(`estates/small/${topic}`, JSON.stringify(payload), { qos: 1 })
})
afterAll(async () => {
  await server.close()
  for (const role of roles) await role.close()
  await broker.close()
})

test('the line is ready when every role keeps up', async () => {
  const ready = await until(async () => {
    const answer = await server.call<object>('GET', '/readyz')
    return answer.status === 200 ? answer.body : undefined
  })
  expect(ready).toMatchObject({ ready: true, store: { name: 'sqlite', state: 'up' }, live: { catchingUp: false } })
  expect(Object.keys((ready as { roles: object }).roles)).toEqual(['broker', 'ingest', 'alarms', 'dashboard'])
})

test('what a device measured is in its history a moment later', async () => {
  const ts = Date.now() - 1000
  await publish('elevator/lift-1-1/telemetry', [
    { ts, speed_mps: 1 },
    { ts: ts + 1, speed_mps: 1.5 },
  ])
  const path = `/estates/small/elevator/lift-1-1/history?fields=speed_mps&from=${ts - 500}&to=${ts + 500}&points=1`
  const rows = await until(async () => {
    const { body } = await server.admin.call<{ fields: { speed_mps: number[][] } }>('GET', path)
    return body.fields.speed_mps.length > 0 ? body.fields.speed_mps : undefined
  })
  expect(rows).toEqual([[expect.any(Number), 1, 1.25, 1.5]])
})

test('a rejected message is counted, can be read with its reason, and replayed', async () => {
  await publish('elevator/lift-1-1/telemetry', { speed_mps: 124 })
  interface Letters {
    deadLetters: { id: string; reason: string; field: string; payload: string; client: string }[]
    next: string | null
  }
  const letters = await until(async () => {
    const { body } = await server.admin.call<Letters>('GET', '/dead-letters?estate=small&reason=out-of-range')
    return body.deadLetters.length > 0 ? body.deadLetters : undefined
  })
  expect(letters).toMatchObject([{ reason: 'out-of-range', field: 'speed_mps', client: 'gw.small.gw-1', payload: '{"speed_mps":124}' }])
  const metrics = (await server.admin.call<string>('GET', '/metrics')).body
  expect(metrics).toMatch(/^estatewatch_rejected_total\{reason="out-of-range"\} 1$/m)
  expect(metrics).toMatch(/^estatewatch_ready 1$/m)
  const replay = await server.admin.call<{ id: string }>('POST', '/dead-letters/replay', { ids: [letters[0]!.id] })
  expect([replay.status, typeof replay.body.id]).toEqual([202, 'string'])
  const engineer = await server.person('engineer', ['small'])
  expect((await engineer.call('GET', '/dead-letters')).status).toBe(400)
  expect((await engineer.call('GET', '/dead-letters?estate=other')).status).toBe(403)
  expect((await engineer.call('POST', '/dead-letters/replay', {})).status).toBe(403)
})
