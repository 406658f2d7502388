/** A real InfluxDB 1.x on free ports with its data in a temporary folder; can be stopped, killed and started again on the same or no data. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { makeTempDir } from './temp-dir.ts'
import { until } from './until.ts'

export interface InfluxServerUnderTest {
  readonly url: string
  /** Runs an InfluxQL query on a database and gives the answer as it is. */
  query(q: string, database?: string): Promise<InfluxAnswer>
  /** Ends the server; SIGKILL unless told. */
  stop(signal?: NodeJS.Signals): Promise<void>
  start(): Promise<void>
  /** Stops it from answering without closing a connection. */
  pause(): Promise<{ resume(): void }>
  /** Throws all data away; only while it is stopped. */
  wipe(): void
  readonly directory: string
  close(): Promise<void>
}

export interface InfluxAnswer {
  readonly results: readonly {
    readonly series?: readonly {
      readonly name: string
      readonly columns: readonly string[]
      readonly values: readonly (readonly unknown[])[]
      readonly tags?: Readonly<Record<string, string>>
    }[]
    readonly error?: string
  }[]
}

/** Why tests with a real InfluxDB cannot run here, if so. */
export function whyNoInflux(): string | undefined {
  return spawnSync('influxd', ['version']).error ? 'influxd is not installed (Debian package influxdb)' : undefined
}

export async function startInflux(): Promise<InfluxServerUnderTest> {
  const temp = makeTempDir()
  const [http, rpc] = await Promise.all([freePort(), freePort()])
  const config = join(temp.path, 'influxdb.conf')
  writeFileSync(config, configText(temp.path, { http, rpc }))
  const url = `http://127.0.0.1:${http}`
  let child: ChildProcess | undefined

  const start = async () => {
    mkdirSync(join(temp.path, 'data'), { recursive: true })
    child = spawnWithUs('influxd', ['-config', config])
    await until(async () => (await fetch(`${url}/ping`).catch(() => undefined))?.status === 204, {
      timeoutMs: 30_000,
      what: 'influxd answers',
    })
  }
  const stop = async (signal: NodeJS.Signals = 'SIGKILL') => {
    const running = child
    child = undefined
    if (!running || running.exitCode !== null) return
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    await gone
  }
  await start()
  return {
    url,
    directory: temp.path,
    query: async (q, database) => {
      const parameters = new URLSearchParams({ q, epoch: 'ms', ...(database !== undefined && { db: database }) })
      return (await (await fetch(`${url}/query`, { method: 'POST', body: parameters })).json()) as InfluxAnswer
    },
    stop,
    start,
    pause: async () => {
      const paused = child
      paused?.kill('SIGSTOP')
      return { resume: () => void paused?.kill('SIGCONT') }
    },
    wipe: () => {
      for (const folder of ['meta', 'data', 'wal']) rmSync(join(temp.path, folder), { recursive: true, force: true })
    },
    close: async () => {
      await stop()
      temp.remove()
    },
  }
}

/** A test run that is cut off, by whatever signal, leaves no server behind. */
function spawnWithUs(command: string, args: readonly string[]): ChildProcess {
  const hasSetpriv = spawnSync('setpriv', ['--version']).error === undefined
  const started = hasSetpriv
    ? spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], { stdio: 'ignore' })
    : spawn(command, args, { stdio: 'ignore' })
  if (running.size === 0) process.once('exit', endAll)
  running.add(started)
  started.once('exit', () => {
    running.delete(started)
    if (running.size === 0) process.removeListener('exit', endAll)
  })
  return started
}

const running = new Set<ChildProcess>()
const endAll = () => {
  for (const server of running) server.kill('SIGKILL')
}

function configText(directory: string, { http, rpc }: { readonly http: number; readonly rpc: number }): string {
  return `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${directory}/meta"
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
  index-version = "tsi1"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
