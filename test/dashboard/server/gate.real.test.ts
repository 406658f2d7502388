import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERRORS } from '../../../domain/errors.ts'
import { startTestDashboard, type SignedIn, type TestDashboard } from '../../support/dashboard.ts'

interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}
interface Operation {
  readonly responses: Readonly<Record<string, unknown>>
  readonly requestBody?: unknown
}

let server: TestDashboard
let document: OpenApi
let desk: SignedIn
let supervisor: SignedIn
beforeAll(async () => {
  server = await startTestDashboard({ env: { METRICS_TOKEN: 'a-token-for-prometheus' } })
  document = (await server.call<OpenApi>('GET', '/openapi.json')).body
  desk = await server.person('desk', ['yangqu'])
  supervisor = await server.person('supervisor', ['yangqu'])
})
afterAll(() => server.close())

const OPEN = ['POST /api/v1/session', 'GET /healthz', 'GET /readyz']
/** The administrator's alone. */
const ADMINISTERS = [/\/people/, /\/gateways$/, /\/credential/, /^(POST|DELETE) \/api\/v1\/estates(\/\{estate\})?$/, /\/replay$/]
const FILL: Readonly<Record<string, string>> = { estate: 'wenxi-251', kind: 'elevator', device: 'x', username: 'nobody', id: 'none' }

function calls(): { readonly name: string; readonly method: string; readonly path: string; readonly operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => FILL[name]!),
      operation,
    })),
  )
}
const code = (body: unknown) => (body as { error?: { code?: string } }).error?.code

test('the description is OpenAPI 3.1, every reference in it leads somewhere, and it holds all calls of the contract', () => {
  expect(document.openapi).toBe('3.1.0')
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!)
  expect(references.length).toBeGreaterThan(20)
  for (const name of references) expect(document.components.schemas).toHaveProperty(name)
  expect(calls().map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'POST /api/v1/session',
      'GET /api/v1/session',
      'DELETE /api/v1/session',
      'PUT /api/v1/session/password',
      'GET /api/v1/people',
      'POST /api/v1/people',
      'PATCH /api/v1/people/{username}',
      'DELETE /api/v1/people/{username}',
      'GET /api/v1/estates',
      'POST /api/v1/estates',
      'GET /api/v1/estates/{estate}',
      'DELETE /api/v1/estates/{estate}',
      'GET /api/v1/estates/{estate}/devices',
      'POST /api/v1/estates/{estate}/gateways',
      'POST /api/v1/estates/{estate}/devices/{kind}/{device}/credential',
      'POST /api/v1/estates/{estate}/credentials',
      'GET /api/v1/estates/{estate}/credentials',
      'POST /api/v1/estates/{estate}/credentials/{username}/rotate',
      'DELETE /api/v1/estates/{estate}/credentials/{username}',
      'GET /api/v1/estates/{estate}/{kind}/{device}/history',
      'GET /api/v1/alarms',
      ...['acknowledge', 'shelve', 'unshelve', 'reset', 'assign', 'comment'].map((action) => `POST /api/v1/alarms/{id}/${action}`),
    ]),
  )
})

test('every call but the open ones needs a session', async () => {
  for (const { name, method, path } of calls()) {
    const { status, body } = await server.call(method, path, method === 'GET' ? undefined : {})
    if (OPEN.includes(name)) expect([name, status]).not.toEqual([name, 401])
    else expect([name, status, code(body)]).toEqual([name, 401, 'not-signed-in'])
  }
})

test('no call is served to a page of another site', async () => {
  for (const { name, method, path } of calls()) {
    const { status, body } = await server.admin.call(method, path, method === 'GET' ? undefined : {}, { origin: 'http://evil.example' })
    expect([name, status, code(body)]).toEqual([name, 403, 'foreign-origin'])
  }
  expect((await server.admin.call('GET', '/session', undefined, { origin: server.url })).status).toBe(200)
})

test("what is the administrator's is refused to every other role", async () => {
  for (const { name, method, path } of calls().filter((call) => ADMINISTERS.some((pattern) => pattern.test(call.name)))) {
    const { status, body } = await desk.call(method, path.replace('wenxi-251', 'yangqu'), method === 'GET' ? undefined : {})
    expect([name, status, code(body)]).toEqual([name, 403, 'not-your-role'])
  }
})

test('a supervisor comments on alarms and does nothing else to them', async () => {
  for (const action of ['acknowledge', 'shelve', 'unshelve', 'reset', 'assign'])
    expect((await supervisor.call('POST', `/alarms/none/${action}`, {})).status).toBe(403)
  expect((await supervisor.call('POST', '/alarms/none/comment', { text: 'x' })).status).toBe(404)
})

test('an estate that is not theirs is refused in every call, whether it exists or not', async () => {
  for (const { name, method, path } of calls().filter((call) => call.path.includes('wenxi-251')))
    for (const estate of ['wenxi-251', 'nowhere']) {
      const { status } = await desk.call(method, path.replace('wenxi-251', estate), method === 'GET' ? undefined : {})
      expect([name, status]).toEqual([name, 403])
    }
  expect((await desk.call('GET', '/alarms?estate=wenxi-251')).status).toBe(403)
  expect((await desk.call<{ id: string }[]>('GET', '/estates')).body.map(({ id }) => id)).toEqual(['yangqu'])
})

describe('errors', () => {
  test.each<[string, string, unknown, Record<string, string>, keyof typeof ERRORS]>([
    ['GET', '/nowhere', undefined, {}, 'not-found'],
    ['GET', '/api/v1/%zz', undefined, {}, 'bad-request'],
    ['PATCH', '/estates', {}, {}, 'not-found'],
    ['POST', '/session', { username: 'admin' }, {}, 'bad-request'],
    ['POST', '/session', { username: 'admin', password: 'x', more: 1 }, {}, 'bad-request'],
    ['POST', '/session', '{', { 'content-type': 'application/json' }, 'bad-request'],
    ['POST', '/session', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }, 'bad-request'],
    ['POST', '/session', { username: 'admin', password: 'x'.repeat(2 << 20) }, {}, 'too-large'],
    ['GET', '/alarms?limit=501', undefined, {}, 'bad-request'],
    ['GET', '/alarms?cursor=x', undefined, {}, 'bad-request'],
    ['GET', '/alarms?standing=perhaps', undefined, {}, 'bad-request'],
    ['POST', '/alarms/none/comment', { text: '' }, {}, 'bad-request'],
    ['POST', '/alarms/none/acknowledge', {}, { 'idempotency-key': 'a b' }, 'bad-request'],
    ['GET', '/estates/yangqu/elevator/nothing/history', undefined, {}, 'not-found'],
    ['GET', '/estates/nowhere', undefined, {}, 'not-found'],
    ['POST', '/estates/yangqu/gateways', { name: 'nothing' }, {}, 'bad-request'],
    ['POST', '/estates/yangqu/try', { scenario: 'flood' }, {}, 'bad-request'],
  ])('%s %s is answered in the one form', async (method, path, body, headers, expected) => {
    const answer = await server.admin.call<{ error: { code: string; message: string } }>(method, path, body, headers)
    expect(answer.body.error.code).toBe(expected)
    expect(answer.body.error.message.length).toBeGreaterThan(5)
    expect(answer.status).toBe(ERRORS[expected].status)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  })

  test('points outside the limits and an unknown field of a history are named', async () => {
    const { body } = await server.admin.call<{ id: string; kind: string }[]>('GET', '/estates/yangqu/devices?kind=elevator')
    const path = `/estates/yangqu/elevator/${body[0]!.id}/history`
    expect((await server.admin.call('GET', `${path}?points=2001`)).status).toBe(400)
    expect((await server.admin.call('GET', `${path}?fields=speed_mps,secret`)).status).toBe(400)
    expect((await server.admin.call('GET', `${path}?from=2&to=1`)).status).toBe(400)
    expect((await server.admin.call('GET', `${path}?fields=speed_mps`)).body).toEqual({ fields: { speed_mps: [] } })
  })
})

test('a call without a body may say that it is JSON', async () => {
  const headers = { 'content-type': 'application/json' }
  expect((await server.admin.call('POST', '/alarms/none/acknowledge', undefined, headers)).status).toBe(404)
  expect((await server.admin.call('DELETE', '/people/nobody', undefined, headers)).status).toBe(404)
})

test('a second server on the same data folder is refused', async () => {
  await expect(startTestDashboard({ dataDir: server.config.dataDir })).rejects.toMatchObject({ code: 'already-running' })
})

test('security headers are on every answer, and nothing turns plain HTTP into https', async () => {
  for (const path of ['/api/v1/session', '/healthz', '/nowhere']) {
    const { headers } = await server.call('GET', path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('upgrade-insecure-requests')
    expect(policy).not.toContain('unsafe')
    expect(headers.get('strict-transport-security')).toBeNull()
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})

test('/healthz serves, /readyz says what is missing, /metrics wants a session or the token', async () => {
  expect((await server.call('GET', '/healthz')).body).toEqual({ ok: true })
  const ready = await server.call<{ ready: boolean; because: string[] }>('GET', '/readyz')
  expect(ready.status).toBe(503)
  expect(ready.body.because.join()).toMatch(/broker is never started/)
  expect((await server.call('GET', '/metrics')).status).toBe(401)
  expect((await server.call('GET', '/metrics', undefined, { authorization: 'Bearer wrong' })).status).toBe(401)
  expect((await desk.call('GET', '/metrics')).status).toBe(200)
  const text = (await server.call<string>('GET', '/metrics', undefined, { authorization: 'Bearer a-token-for-prometheus' })).body
  expect(text).toMatch(/^estatewatch_rejected_total\{reason="out-of-range"\} 0$/m)
  expect(text).toMatch(/^estatewatch_ready 0$/m)
})
