/** What 12,000 clients cost the broker in memory, and how soon all are back when it is restarted. */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { makeTempDir } from '../test/support/temp-dir.ts'
import { until } from '../test/support/until.ts'
import { builtFile } from '../project-root.ts'
import { end, makeLogins, startOurs } from './broker/servers.ts'
import type { CrowdOrder, CrowdSaid } from './connections/crowd.ts'
import type { Bench } from './report.ts'

const CLIENTS = 12_000
const SETTLE_MS = 3_000

const bench: Bench = async () => {
  const temp = makeTempDir()
  const logins = makeLogins(CLIENTS)
  let server = await startOurs(logins, { dataDir: temp.path })
  const crowd = fork(builtFile('bench/connections/crowd'), { stdio: 'inherit' })
  let connected = 0
  crowd.on('message', (said: CrowdSaid) => (connected = said.connected))
  try {
    const before = anonymousKib(server.pid)
    const from = performance.now()
    const clients = logins.map(({ username, password }) => ({ username, password, filter: 'estates/bench/+/+/command' }))
    crowd.send({ port: server.port, clients } satisfies CrowdOrder)
    await until(() => connected === CLIENTS, { timeoutMs: 120_000, what: 'all connected' })
    const connectS = (performance.now() - from) / 1_000
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    const kibEach = (anonymousKib(server.pid) - before) / CLIENTS

    const restartedAt = performance.now()
    const { port } = server
    await server.stop()
    const downS = (performance.now() - restartedAt) / 1_000
    await until(() => connected === 0, { what: 'all gone' })
    server = await startOurs(logins, { dataDir: temp.path, port })
    await until(() => connected === CLIENTS, { timeoutMs: 120_000, what: 'all back' })
    const backS = (performance.now() - restartedAt) / 1_000
    return {
      table: [
        { what: 'all connected and subscribed, s', figure: connectS.toFixed(1) },
        { what: 'memory for each (RssAnon), KiB', figure: kibEach.toFixed(1) },
        { what: 'the broker told to stop until it had ended, s', figure: downS.toFixed(1) },
        { what: 'the broker told to stop until all were back, s', figure: backS.toFixed(1) },
      ],
      figures: { clients: CLIENTS, kib_each: kibEach, back_s: backS },
      limits: { kib_each: { figure: kibEach, atMost: 25 }, back_s: { figure: backS, atMost: 20 } },
    }
  } finally {
    await end(crowd)
    await server.stop()
    temp.remove()
  }
}

function anonymousKib(pid: number): number {
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
}

export default bench
