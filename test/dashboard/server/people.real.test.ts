import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'

let server: TestDashboard
beforeAll(async () => {
  server = await startTestDashboard()
})
afterAll(() => server.close())

const person = { username: 'guard', name: '值班员甲', role: 'desk', estates: ['yangqu'] }

test('a person is made with a password that is shown once, changed, and removed with their sessions', async () => {
  const made = await server.admin.call<{ username: string; password: string }>('POST', '/people', person)
  expect(made.status).toBe(201)
  expect(Object.keys(made.body)).toEqual(['username', 'password'])
  expect((await server.admin.call('POST', '/people', person)).body).toMatchObject({ error: { code: 'already-exists' } })
  const listed = (await server.admin.call<unknown[]>('GET', '/people')).body
  expect(listed).toContainEqual(person)
  expect(JSON.stringify(listed)).not.toMatch(/password|argon2/)

  const guard = await server.signIn('guard', made.body.password)
  expect((await guard.call('GET', '/estates/yangqu')).status).toBe(200)
  expect((await server.admin.call('PATCH', '/people/guard', { estates: ['wenxi-251'] })).status).toBe(200)
  expect((await guard.call('GET', '/estates/yangqu')).status).toBe(403)
  expect((await guard.call('GET', '/estates/wenxi-251')).status).toBe(200)
  expect((await server.admin.call('PATCH', '/people/guard', { role: 'engineer' })).status).toBe(200)
  expect((await guard.call('GET', '/session')).status).toBe(401)

  const again = await server.admin.call<{ password: string }>('PATCH', '/people/guard', { resetPassword: true })
  const back = await server.signIn('guard', again.body.password)
  expect((await server.admin.call('DELETE', '/people/guard')).status).toBe(204)
  expect((await back.call('GET', '/session')).status).toBe(401)
  expect((await server.admin.call('DELETE', '/people/guard')).status).toBe(404)
})

test('the last administrator can neither be removed nor made something else', async () => {
  expect((await server.admin.call('DELETE', '/people/admin')).status).toBe(400)
  expect((await server.admin.call('PATCH', '/people/admin', { role: 'desk' })).status).toBe(400)
})

test('each fault of a body is named with its place', async () => {
  const answer = await server.admin.call<{ error: { code: string; fields: { path: string }[] } }>('POST', '/people', {
    username: 'a b',
    name: '',
    role: 'king',
    estates: '*',
    extra: 1,
  })
  expect(answer.status).toBe(400)
  expect(answer.body.error.code).toBe('bad-request')
  expect(answer.body.error.fields.map(({ path }) => path)).toEqual(expect.arrayContaining(['/username', '/name', '/role']))
})
