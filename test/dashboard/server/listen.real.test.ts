import { execFileSync } from 'node:child_process'
import { request } from 'node:https'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_PASSWORD, startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { freePort } from './free-port.ts'

const certificates = makeTempDir()
const cert = join(certificates.path, 'cert.pem')
const key = join(certificates.path, 'key.pem')
let server: TestDashboard
beforeAll(async () => {
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '1',
      '-subj',
      '/CN=localhost',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  )
  const env = { HTTPS_PORT: String(await freePort()), TLS_CERT: cert, TLS_KEY: key, TRUST_PROXY: 'on', PUBLIC_URL: 'https://desk.example' }
  server = await startTestDashboard({ env })
})
afterAll(async () => {
  await server.close()
  certificates.remove()
})

test('the same is served over HTTPS, with a Secure cookie and the live feed', async () => {
  const url = `https://127.0.0.1:${server.dashboard.httpsPort!}`
  const cookie = await new Promise<string>((resolve, reject) => {
    const call = request(`${url}/api/v1/session`, {
      method: 'POST',
      rejectUnauthorized: false,
      headers: { 'content-type': 'application/json' },
    })
    call.on('response', (response) => resolve(response.headers['set-cookie']?.[0] ?? ''))
    call.on('error', reject)
    call.end(JSON.stringify({ username: 'admin', password: ADMIN_PASSWORD }))
  })
  expect(cookie).toMatch(/; Secure/)
  const socket = io(`${url}/live`, {
    transports: ['websocket'],
    rejectUnauthorized: false,
    extraHeaders: { cookie: cookie.split(';')[0]! },
    reconnection: false,
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  socket.close()
})

test('behind a proxy the address and scheme that it was asked for count', async () => {
  const login = (headers: Record<string, string>) =>
    server.call('POST', '/session', { username: 'admin', password: ADMIN_PASSWORD }, headers)
  const proxied = { 'x-forwarded-host': 'inside.example', 'x-forwarded-proto': 'https' }
  const own = await login({ ...proxied, origin: 'https://inside.example' })
  expect(own.status).toBe(200)
  expect(own.headers.getSetCookie()[0]).toMatch(/; Secure/)
  expect((await login({ ...proxied, origin: 'https://desk.example' })).status).toBe(200)
  expect((await login({ ...proxied, origin: 'https://evil.example' })).status).toBe(403)
})
