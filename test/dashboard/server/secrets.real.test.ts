import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SMALL_ESTATE } from '../../estates/small-estate.ts'
import { startTestBroker, type TestBroker } from '../../support/broker.ts'
import { ADMIN_PASSWORD, startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'

let logged = ''
let broker: TestBroker
let server: TestDashboard
beforeAll(async () => {
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logged += chunk.toString()
      done()
    },
  })
  broker = await startTestBroker()
  server = await startTestDashboard({
    dataDir: broker.dataDir,
    log: pino({ level: 'trace' }, stream),
    env: { METRICS_TOKEN: 'a-token-for-prometheus' },
  })
})
afterAll(async () => {
  await server.close()
  await broker.close()
})

test('passwords, tokens and hashes are in no log line, no journal entry and no second answer', async () => {
  await server.admin.call('POST', '/estates', SMALL_ESTATE)
  const desk = await server.person('desk', ['small'])
  const { body: gateway } = await server.admin.call<{ password: string }>('POST', '/estates/small/gateways', { name: 'gw-1' })
  await server.call('POST', '/session', { username: 'admin', password: 'a-wrong-password' })
  await server.call('POST', '/session', { username: 'admin', password: 5 })
  await server.call('GET', '/metrics', undefined, { authorization: 'Bearer a-token-for-prometheus' })
  const answers: unknown[] = []
  for (const path of [
    '/people',
    '/estates',
    '/estates/small',
    '/estates/small/credentials',
    '/operations',
    '/session',
    '/about',
    '/metrics',
  ])
    answers.push((await server.admin.call('GET', path)).body)
  const secrets = [
    ADMIN_PASSWORD,
    desk.password,
    gateway.password,
    'a-wrong-password',
    'a-token-for-prometheus',
    desk.cookie.split('=')[1]!,
    server.admin.cookie.split('=')[1]!,
    '$argon2',
    'password_sha256',
    'passwordSha256',
  ]
  const journal = broker
    .entries()
    .map(({ payload }) => Buffer.from(payload).toString())
    .join()
  for (const secret of secrets) {
    expect(logged).not.toContain(secret)
    expect(journal).not.toContain(secret)
    expect(JSON.stringify(answers)).not.toContain(secret)
  }
})
