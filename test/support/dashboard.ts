/** Starts the dashboard server on a free port, signs people in, and opens its live feed; beside a test broker's data folder or alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { readConfig, type Config } from '../../config.ts'
import { startDashboard, type Dashboard, type DashboardOptions } from '../../dashboard/server/role.ts'
import type { PersonRole } from '../../dashboard/server/access.ts'
import type { ClientToServer, ServerToClient } from '../../domain/live.ts'
import type { Log } from '../../log.ts'
import { silentLog } from './broker.ts'
import { makeTempDir } from './temp-dir.ts'

export const ADMIN_PASSWORD = 'correct-horse-battery'

export interface Answer<T> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

export interface SignedIn {
  readonly cookie: string
  /** `path` below `/api/v1`; a string body goes as YAML. */
  call<T = unknown>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer<T>>
  /** A socket in `/live`, connected. */
  live(): Promise<LiveClient>
}

export type LiveSocket = Socket<ServerToClient, ClientToServer>
type Message = {
  readonly [Name in keyof ServerToClient]: { readonly type: Name; readonly body: Parameters<ServerToClient[Name]>[0] }
}[keyof ServerToClient]

export interface LiveClient {
  readonly socket: LiveSocket
  /** Everything received so far, oldest first. */
  readonly received: readonly Message[]
  of<Name extends keyof ServerToClient>(type: Name): readonly NonNullable<Parameters<ServerToClient[Name]>[0]>[]
  close(): void
}

export interface TestDashboard {
  readonly url: string
  readonly config: Config
  readonly dashboard: Dashboard
  readonly admin: SignedIn
  /** Without a session. */
  call<T = unknown>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer<T>>
  signIn(username: string, password: string): Promise<SignedIn>
  /** Makes a person of this role and signs them in. */
  person(role: PersonRole, estates: readonly string[] | '*'): Promise<SignedIn & { readonly username: string; readonly password: string }>
  restart(): Promise<void>
  close(): Promise<void>
}

export async function startTestDashboard(
  options: {
    /** Of a test broker; a folder of its own unless given. */
    readonly dataDir?: string
    readonly env?: Readonly<Record<string, string>>
    readonly log?: Log
  } & DashboardOptions = {},
): Promise<TestDashboard> {
  const { dataDir, env, log = silentLog, ...dashboardOptions } = options
  const temp = dataDir === undefined ? makeTempDir() : undefined
  const config = readConfig({
    HTTP_PORT: '0',
    MQTT_PORT: '0',
    LOG_LEVEL: 'silent',
    ADMIN_PASSWORD,
    ...env,
    DATA_DIR: dataDir ?? temp!.path,
  })
  let dashboard = await startDashboard(config, log, dashboardOptions)
  const url = () => `http://127.0.0.1:${dashboard.httpPort}`
  const sockets = new Set<LiveSocket>()
  let people = 0

  const call = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<T>> => {
    const type = typeof body === 'string' ? 'application/yaml' : 'application/json'
    const answer = await fetch(`${url()}${path.startsWith('/') && !path.startsWith('/api') && !isTop(path) ? '/api/v1' : ''}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson = (answer.headers.get('content-type') ?? '').includes('json')
    return { status: answer.status, headers: answer.headers, body: (isJson && text !== '' ? JSON.parse(text) : text) as T }
  }
  const withCookie = (cookie: string): SignedIn => ({
    cookie,
    call: (method, path, body, headers) => call(method, path, body, { cookie, ...headers }),
    live: () => connectLive(url(), cookie, sockets),
  })
  const signIn = async (username: string, password: string) => {
    const answer = await call('POST', '/session', { username, password })
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return withCookie(answer.headers.getSetCookie()[0]!.split(';')[0]!)
  }
  const adminPassword = () => config.adminPassword ?? readFileSync(join(config.dataDir, 'admin-password'), 'utf8').trim()
  const admin = await signIn('admin', adminPassword())

  return {
    get url() {
      return url()
    },
    config,
    get dashboard() {
      return dashboard
    },
    admin,
    call,
    signIn,
    person: async (role, estates) => {
      const username = `${role}-${++people}`
      const made = await admin.call<{ password: string }>('POST', '/people', { username, name: username, role, estates })
      if (made.status !== 201) throw new Error(`making ${username} answered ${made.status}: ${JSON.stringify(made.body)}`)
      return { username, password: made.body.password, ...(await signIn(username, made.body.password)) }
    },
    restart: async () => {
      for (const socket of sockets) socket.close()
      await dashboard.close()
      dashboard = await startDashboard(config, log, dashboardOptions)
    },
    close: async () => {
      for (const socket of sockets) socket.close()
      await dashboard.close()
      temp?.remove()
    },
  }
}

function isTop(path: string): boolean {
  return /^\/(healthz|readyz|metrics)/.test(path)
}

/** Rejects with the `connect_error`. */
export async function connectLive(url: string, cookie: string | undefined, sockets?: Set<LiveSocket>): Promise<LiveClient> {
  const socket: LiveSocket = io(`${url}/live`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    ...(cookie === undefined ? {} : { extraHeaders: { cookie } }),
  })
  sockets?.add(socket)
  const received: Message[] = []
  socket.onAny((type: string, body: unknown) => received.push({ type, body } as Message))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return {
    socket,
    received,
    of: <Name extends keyof ServerToClient>(type: Name) =>
      received.flatMap((message) => (message.type === type ? [message.body as NonNullable<Parameters<ServerToClient[Name]>[0]>] : [])),
    close: () => socket.close(),
  }
}
