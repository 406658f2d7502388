import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { HOUR_MS, DAY_MS } from '../../../domain/clock.ts'
import { ADMIN_PASSWORD, startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'

let server: TestDashboard
let aheadMs = 0
beforeAll(async () => {
  server = await startTestDashboard({ clock: () => Date.now() + aheadMs })
})
afterAll(() => server.close())

const wrong = { error: { code: 'wrong-credentials', message: 'User name or password is wrong.' } }

test('signing in gives an HttpOnly, SameSite=Strict cookie, and signing out ends it', async () => {
  const answer = await server.call<{ user: unknown }>('POST', '/session', { username: 'admin', password: ADMIN_PASSWORD })
  expect(answer.status).toBe(200)
  expect(answer.body.user).toEqual({ username: 'admin', name: '管理员', role: 'administrator', estates: '*' })
  const cookie = answer.headers.getSetCookie()[0]!
  expect(cookie).toMatch(/; HttpOnly/)
  expect(cookie).toMatch(/; SameSite=Strict/)
  expect(cookie).not.toMatch(/; Secure/)
  const headers = { cookie: cookie.split(';')[0]! }
  expect((await server.call('GET', '/session', undefined, headers)).status).toBe(200)
  expect((await server.call('DELETE', '/session', undefined, headers)).status).toBe(204)
  expect((await server.call('GET', '/session', undefined, headers)).status).toBe(401)
})

test('a wrong password and an unknown person are answered alike, and ten of them block the pair even for the right one', async () => {
  const desk = await server.person('desk', '*')
  for (let i = 0; i < 10; i++) {
    const answer = await server.call('POST', '/session', { username: desk.username, password: 'wrong' })
    expect([answer.status, answer.body]).toEqual([401, wrong])
  }
  const blocked = await server.call('POST', '/session', { username: desk.username, password: desk.password })
  expect(blocked.status).toBe(429)
  expect(blocked.headers.get('retry-after')).toBe('300')
  expect((await server.call('POST', '/session', { username: 'nobody', password: 'wrong' })).body).toEqual(wrong)
  expect((await server.call('POST', '/session', { username: 'admin', password: ADMIN_PASSWORD })).status).toBe(200)
})

test('a new password ends all other sessions of the person, and the old one is of no more use', async () => {
  const manager = await server.person('manager', '*')
  const other = await server.signIn(manager.username, manager.password)
  const change = (passwords: object) => manager.call('PUT', '/session/password', passwords)
  expect((await change({ old: 'wrong', new: 'a-new-password-of-mine' })).status).toBe(401)
  expect((await change({ old: manager.password, new: 'short' })).status).toBe(400)
  expect((await change({ old: manager.password, new: 'a-new-password-of-mine' })).status).toBe(204)
  expect((await manager.call('GET', '/session')).status).toBe(200)
  expect((await other.call('GET', '/session')).status).toBe(401)
  await expect(server.signIn(manager.username, manager.password)).rejects.toThrow('401')
  await server.signIn(manager.username, 'a-new-password-of-mine')
})

test('a desk stays signed in for 30 days from its last use, everybody else for 12 hours', async () => {
  const desk = await server.person('desk', '*')
  const engineer = await server.person('engineer', '*')
  aheadMs = 13 * HOUR_MS
  expect((await engineer.call('GET', '/session')).status).toBe(401)
  const used = await desk.call('GET', '/session')
  expect(used.status).toBe(200)
  expect(used.headers.getSetCookie()[0]).toMatch(/Expires=/)
  aheadMs += 29 * DAY_MS
  expect((await desk.call('GET', '/session')).status).toBe(200)
  aheadMs += 31 * DAY_MS
  expect((await desk.call('GET', '/session')).status).toBe(401)
  aheadMs = 0
})

test('a password of our own is kept for the first administrator alone to read, until they choose one', async () => {
  const own = await startTestDashboard({ env: { ADMIN_PASSWORD: undefined as unknown as string } })
  try {
    const path = join(own.config.dataDir, 'admin-password')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const password = readFileSync(path, 'utf8').trim()
    expect((await own.admin.call('PUT', '/session/password', { old: password, new: 'a-new-password-of-mine' })).status).toBe(204)
    expect(existsSync(path)).toBe(false)
    const files = readFileSync(join(own.config.dataDir, 'records.db')).toString('latin1')
    expect(files).not.toContain(password)
    expect(files).not.toContain(own.admin.cookie.split('=')[1])
  } finally {
    await own.close()
  }
})
