import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'

let server: TestDashboard
beforeAll(async () => {
  server = await startTestDashboard()
})
afterAll(() => server.close())

test('a scenario is passed to the simulated devices, and the true time of the publish comes back', async () => {
  const run = (scenario: string) => server.admin.call('POST', '/estates/yangqu-760/try', { scenario })
  expect(await run('cut')).toMatchObject({
    status: 409,
    body: { error: { code: 'wrong-state', message: 'The simulated devices are not running.' } },
  })
  const asked: unknown[] = []
  const simulator = createServer((socket) =>
    createInterface({ input: socket }).on('line', (line) => {
      const question = JSON.parse(line) as { scenario: string }
      asked.push(question)
      socket.write(`${JSON.stringify(question.scenario === 'cut' ? { publishedAt: 5 } : { error: 'There is no lift.' })}\n`)
    }),
  )
  await new Promise<void>((resolve) => simulator.listen(join(server.config.dataDir, 'run', 'simulator.sock'), resolve))
  expect(await run('cut')).toMatchObject({ status: 200, body: { publishedAt: 5 } })
  expect(await run('entrapment')).toMatchObject({ status: 409, body: { error: { message: 'There is no lift.' } } })
  expect(asked).toEqual([
    { estate: 'yangqu-760', scenario: 'cut' },
    { estate: 'yangqu-760', scenario: 'entrapment' },
  ])
  const supervisor = await server.person('supervisor', '*')
  expect((await supervisor.call('POST', '/estates/yangqu-760/try', { scenario: 'cut' })).status).toBe(403)
  await new Promise((resolve) => simulator.close(resolve))
})
