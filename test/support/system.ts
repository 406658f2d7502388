/** The whole system as a user starts it (`node start.mjs`) on free ports and a data folder of its own, with its output and a clean stop. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../project-root.ts'
import { makeTempDir } from './temp-dir.ts'
import { until } from './until.ts'

export interface RunningSystem {
  readonly url: string
  readonly mqttPort: number
  readonly dataDir: string
  readonly pid: number
  readonly password: string
  readonly readyAfterMs: number
  /** Everything printed so far. */
  output(): string
  /** SIGTERM; @returns the exit code and how long it took. */
  stop(): Promise<{ readonly code: number | null; readonly tookMs: number }>
  /** A `fetch` with the administrator's session; `path` below `/api/v1`. */
  api<T>(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: T }>
}

export interface SystemOptions {
  readonly node?: string
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
  /** What to run; the supervisor with all roles unless told. */
  readonly args?: readonly string[]
}

export async function startSystem(options: SystemOptions = {}): Promise<RunningSystem> {
  const temp = options.dataDir === undefined ? makeTempDir() : undefined
  const dataDir = options.dataDir ?? temp!.path
  const startedAt = Date.now()
  const child = spawn(options.node ?? process.execPath, options.args ?? ['start.mjs'], {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], HTTP_PORT: '0', MQTT_PORT: '0', DATA_DIR: dataDir, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null

  await until(() => hasEnded() || / Sign in /.test(text), { timeoutMs: 120_000, what: `the welcome; printed so far:\n${text}` })
  if (hasEnded()) throw new Error(`ended before it was ready:\n${text}`)
  const readyAfterMs = Date.now() - startedAt
  const url = /https?:\/\/\S+/.exec(text.slice(text.indexOf('Open')))![0]
  const mqttPort = Number(/mosquitto_pub .*-p (\d+)/.exec(text)?.[1] ?? /"mqttPort":(\d+)/.exec(text)![1])
  const password = options.env?.['ADMIN_PASSWORD'] ?? readFileSync(join(dataDir, 'admin-password'), 'utf8').trim()
  let cookie: string | undefined

  const signIn = async () => {
    const answer = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    })
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`)
    return answer.headers.getSetCookie()[0]!.split(';')[0]!
  }

  return {
    url,
    mqttPort,
    dataDir,
    pid: child.pid!,
    password,
    readyAfterMs,
    output: () => text,
    stop: async () => {
      const at = Date.now()
      if (!hasEnded()) child.kill('SIGTERM')
      const code = await ended
      temp?.remove()
      return { code, tookMs: Date.now() - at }
    },
    api: async <T>(method: string, path: string, body?: unknown) => {
      cookie ??= await signIn()
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const content = await answer.text()
      return { status: answer.status, body: (content === '' ? undefined : JSON.parse(content)) as T }
    },
  }
}
