import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestDashboard, type TestDashboard } from '../support/dashboard.ts'

let server: TestDashboard
beforeAll(async () => {
  server = await startTestDashboard()
})
afterAll(() => server.close())

test('a client that asks for a WebSocket and breaks off hard ends nothing but its own line', async () => {
  for (const [path, origin] of [
    ['/', ''],
    ['/socket.io/?EIO=4&transport=websocket', ''],
    ['/socket.io/?EIO=4&transport=websocket', 'origin: http://evil.example\r\n'],
  ] as const)
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.on('error', () => undefined) // `close` follows
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: x\r\n${origin}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
      )
      await new Promise((resolve) => setTimeout(resolve, 5 * (i % 3)))
      socket.resetAndDestroy()
      await closed
    }
  expect((await server.call('GET', '/healthz')).status).toBe(200)
})
