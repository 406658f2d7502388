import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Credential } from '../../../domain/credential.ts'
import { plant, SMALL_ESTATE } from '../../estates/small-estate.ts'
import { startTestBroker, type TestBroker } from '../../support/broker.ts'
import { startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'
import { until } from '../../support/until.ts'

let broker: TestBroker
let server: TestDashboard
beforeAll(async () => {
  broker = await startTestBroker()
  server = await startTestDashboard({ dataDir: broker.dataDir })
})
afterAll(async () => {
  await server.close()
  await broker.close()
})

const simulatorFile = () => join(server.config.dataDir, 'run', 'simulator-credentials.json')
const ids = async () => (await server.admin.call<{ id: string }[]>('GET', '/estates')).body.map(({ id }) => id).sort()
const revisions = () =>
  broker
    .entries()
    .filter(({ topic }) => topic === 'system/records')
    .map(({ payload }) => (JSON.parse(Buffer.from(payload).toString()) as { revision: number }).revision)

test('a first start loads the example estates with credentials for their gateways, and tells the journal', async () => {
  expect(await ids()).toEqual(['wenxi-251', 'yangqu', 'yangqu-760'])
  expect((await server.admin.call('GET', '/about')).body).toMatchObject({ simulated: true, node: process.version })
  await until(() => revisions().length > 0)
  expect(revisions()).toEqual([1])
  expect(statSync(simulatorFile()).mode & 0o777).toBe(0o600)
  const { estates } = JSON.parse(readFileSync(simulatorFile(), 'utf8')) as {
    estates: Record<string, Record<string, { username: string; password: string }>>
  }
  const [gateway] = Object.values(estates['yangqu']!)
  const client = await broker.connect(gateway!)
  expect(client.connected).toBe(true)
  expect(
    (await server.admin.call<{ devices: unknown }[]>('GET', '/estates')).body.find((one) => (one as { id?: string }).id === 'yangqu-760'),
  ).toMatchObject({
    devices: { camera: { total: 64 }, 'fence-zone': { total: 11 }, 'parking-bay': { total: 260 }, elevator: { total: 6 } },
  })
})

test('a restart changes nothing of it', async () => {
  const before = readFileSync(simulatorFile(), 'utf8')
  await server.restart()
  expect(readFileSync(simulatorFile(), 'utf8')).toBe(before)
  expect(await ids()).toEqual(['wenxi-251', 'yangqu', 'yangqu-760'])
})

test('an example estate can be replaced and read back exactly, without the others going', async () => {
  const { body } = await server.admin.call<Record<string, unknown>>('GET', '/estates/yangqu')
  const again = await server.admin.call<Record<string, unknown>>('POST', '/estates', { ...body, note: 'changed' })
  expect(again.status).toBe(200)
  expect((await server.admin.call('GET', '/estates/yangqu')).body).toEqual({ ...body, note: 'changed' })
  expect(await ids()).toHaveLength(3)
  expect(revisions().at(-1)).toBe(2)
})

test('every fault of a file is named with its place, and nothing of it is taken', async () => {
  const broken = plant(plant(SMALL_ESTATE, 'bearingDeg: 0\nplan', 'bearingDeg: x\nplan'), 'storeys: 6', 'storeys: 0')
  const answer = await server.admin.call<{ error: { code: string; fields: { line: number; path: string }[] } }>('POST', '/estates', broken)
  expect(answer.status).toBe(400)
  expect(answer.body.error.code).toBe('bad-estate')
  expect(answer.body.error.fields.map(({ line }) => line)).toEqual(expect.arrayContaining([3, 15]))
  expect(await ids()).toHaveLength(3)
})

test('the first other estate takes the examples away with all that is theirs', async () => {
  const answer = await server.admin.call<{ id: string }>('POST', '/estates', SMALL_ESTATE)
  expect(answer.status).toBe(201)
  expect(answer.headers.get('location')).toBe('/api/v1/estates/small')
  expect(await ids()).toEqual(['small'])
  expect(existsSync(simulatorFile())).toBe(false)
  expect((await server.admin.call('GET', '/about')).body).toMatchObject({ simulated: false })
  expect((await server.admin.call('POST', '/estates/small/try', { scenario: 'cut' })).status).toBe(409)
  await server.restart()
  expect(await ids()).toEqual(['small'])
})

test('a replaced estate is read back from JSON and YAML alike; credentials of gateways that vanish go', async () => {
  const made = await server.admin.call<Credential>('POST', '/estates/small/gateways', { name: 'gw-1' })
  expect(made.status).toBe(201)
  const { body } = await server.admin.call<{ devices: { id: string; gateway?: string }[] }>('GET', '/estates/small')
  const devices = body.devices.filter(({ id }) => id !== 'gw-1').map((device) => ({ ...device, gateway: undefined }))
  const without = JSON.parse(JSON.stringify({ ...body, devices })) as object
  expect((await server.admin.call('POST', '/estates', without)).status).toBe(200)
  expect((await server.admin.call('GET', '/estates/small')).body).toEqual(without)
  expect((await server.admin.call('GET', '/estates/small/credentials')).body).toEqual([])
  expect((await server.admin.call('POST', '/estates', SMALL_ESTATE)).status).toBe(200)
})

test('an estate is removed', async () => {
  expect((await server.admin.call('DELETE', '/estates/small')).status).toBe(204)
  expect((await server.admin.call('GET', '/estates/small')).status).toBe(404)
  expect((await server.admin.call('DELETE', '/estates/small')).status).toBe(404)
})
