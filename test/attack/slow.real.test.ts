import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TIME_LIMITS } from '../../dashboard/server/time-limits.ts'
import { startTestDashboard, type TestDashboard } from '../support/dashboard.ts'
import { until } from '../support/until.ts'

let server: TestDashboard
beforeAll(async () => {
  server = await startTestDashboard({ limits: { headMs: 600, requestMs: 1200, lookMs: 100 } })
})
afterAll(() => server.close())

interface Slow {
  readonly socket: Socket
  answer(): string
  readonly closed: Promise<number>
}

/** Sends the beginning at once and then a byte each 50 ms. */
function sendSlowly(beginning: string, rest: string): Slow {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  const at = performance.now()
  let text = ''
  socket.on('error', () => undefined) // `close` follows
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.write(beginning)
  let sent = 0
  const timer = setInterval(() => socket.write(rest[sent++ % rest.length]!), 50)
  const closed = new Promise<number>((resolve) =>
    socket.once('close', () => {
      clearInterval(timer)
      resolve(performance.now() - at)
    }),
  )
  return { socket, answer: () => text, closed }
}

test('a head that comes a byte at a time is ended, and so is a body', async () => {
  const head = sendSlowly('GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ', 'a')
  const body = sendSlowly('POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n', ' ')
  const chunks = sendSlowly(
    'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    '1\r\n \r\n',
  )
  for (const slow of [head, body, chunks]) {
    expect(await slow.closed).toBeLessThan(10_000)
    expect(slow.answer()).toMatch(/^HTTP\/1\.1 400 /)
    expect(slow.answer()).toContain('"code":"bad-request"')
  }
})

test('five hundred slow ones keep nobody from being served, and all are ended', async () => {
  const slow = Array.from({ length: 500 }, () => sendSlowly('GET / HTTP/1.1\r\nhost: x\r\nx: ', 'a'))
  await until(() => slow.every(({ socket }) => !socket.connecting))
  expect((await server.call('GET', '/healthz')).status).toBe(200)
  expect((await server.admin.call('GET', '/estates')).status).toBe(200)
  await Promise.all(slow.map(({ closed }) => closed))
  expect((await server.call('GET', '/healthz')).status).toBe(200)
})

test('what holds for everybody: ten seconds for the head, a minute for the whole', () => {
  expect(TIME_LIMITS).toMatchObject({ headMs: 10_000, requestMs: 60_000 })
})
