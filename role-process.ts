/** One role as a process: starts it, tells the supervisor its ports, ends it on SIGTERM or when the supervisor is gone. */
import process from 'node:process'
import type { Config } from './config.ts'
import type { Role } from './domain/role-status.ts'
import { startLog, type Log } from './log.ts'

/** EX_UNAVAILABLE of sysexits.h: a port is taken or another process holds the data folder. */
export const EXIT_UNAVAILABLE = 69
const CLOSE_LIMIT_MS = 8000

export interface RoleStarted {
  readonly role: Role
  /** Every `…Port` that was bound, by name. */
  readonly ports: Readonly<Record<string, number>>
}

interface Running {
  close(): Promise<void>
}

export async function runRole(options: {
  readonly role: Role
  readonly load: () => Promise<(config: Config, log: Log) => Promise<Running>>
  readonly config: Config
}): Promise<void> {
  const { role, config } = options
  const log = startLog({ role, level: config.logLevel })
  const supervised = process.send !== undefined
  let starting: Promise<Running> | undefined
  let ending = false

  const end = (why: string) => {
    if (ending) return
    ending = true
    log.info({ why }, 'stopping')
    setTimeout(() => {
      log.error({ limitMs: CLOSE_LIMIT_MS }, 'closing took too long')
      leave(1)
    }, CLOSE_LIMIT_MS).unref()
    void Promise.resolve(starting)
      .then((running) => running?.close())
      .then(
        () => leave(0),
        (error: unknown) => {
          log.error({ err: error }, 'closing failed')
          leave(1)
        },
      )
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => {
    if (!supervised) end('SIGINT') // Ctrl-C reaches the whole group; the supervisor keeps the order
  })
  process.on('disconnect', () => end('the supervisor is gone'))
  if (supervised && !process.connected) end('the supervisor is gone') // while this process was still loading
  process.on('uncaughtException', (error) => die(log, error, config))
  process.on('unhandledRejection', (error) => die(log, error, config))

  try {
    starting = options.load().then((start) => start(config, log))
    const running = await starting
    const ports = Object.fromEntries(
      Object.entries(running).filter(([name, value]) => name.endsWith('Port') && typeof value === 'number'),
    ) as Record<string, number>
    log.info(ports, 'started')
    process.send?.({ role, ports } satisfies RoleStarted)
  } catch (error) {
    die(log, error, config)
  }
}

/** Everything is closed. Without a supervisor nobody reads the code, and libsql was seen to hang in its own exit handler when a start is cut off (0.5.29). */
function leave(code: number): void {
  if (process.send !== undefined && !process.connected) process.kill(process.pid, 'SIGKILL')
  process.exit(code)
}

function die(log: Log, error: unknown, config: Config): never {
  const { code, port } = error as { code?: string; port?: number }
  const taken = code === 'EADDRINUSE' || code === 'EACCES'
  log.fatal({ err: error }, taken ? portTaken(port, config) : error instanceof Error ? error.message : String(error))
  process.exit(taken || code === 'already-running' ? EXIT_UNAVAILABLE : 1)
}

/** Which setting asks for a port that cannot be had. */
function portTaken(port: number | undefined, config: Config): string {
  const settings = {
    MQTT_PORT: config.mqttPort,
    MQTT_TLS_PORT: config.mqttTlsPort,
    MQTT_WS_PORT: config.mqttWsPort,
    HTTP_PORT: config.httpPort,
    HTTPS_PORT: config.httpsPort,
  }
  const name = Object.entries(settings).find(([, wanted]) => wanted === port)?.[0] ?? 'the port'
  return `Port ${port ?? ''} cannot be had: another program listens on it, or it is reserved. Set ${name} to another.`
}
