import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_PASSWORD, startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'

let server: TestDashboard
beforeAll(async () => {
  server = await startTestDashboard()
})
afterAll(() => server.close())

test('signing in gives an HttpOnly, SameSite=Strict cookie, and signing out ends it', async () => {
  const answer = await server.call<{ user: unknown }>('POST', '/session', { username: 'admin', password: ADMIN_PASSWORD })
  expect(answer.status).toBe(200)
  expect(answer.body.user).toEqual({ username: 'admin', name: '管理员', role: 'administrator', estates: '*' })
  const cookie = answer.headers.getSetCookie()[0]!
  expect(cookie).toMatch(/; HttpOnly/)
  expect(cookie).toMatch(/; SameSite=Strict/)
  const headers = { cookie: cookie.split(';')[0]! }
  expect((await server.call('GET', '/session', undefined, headers)).status).toBe(200)
  expect((await server.call('DELETE', '/session', undefined, headers)).status).toBe(204)
  expect((await server.call('GET', '/session', undefined, headers)).status).toBe(401)
})

test('the three example estates are there on a first start', async () => {
  const { body } = await server.admin.call<{ id: string; devices: Record<string, { total: number }> }[]>('GET', '/estates')
  expect(body.map(({ id }) => id).sort()).toEqual(['wenxi-251', 'yangqu', 'yangqu-760'])
})
