/** What `npm start` says to the person at the terminal: how far it is, then the address, how to sign in, and a message to try. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from './config.ts'
import { ROLES, type Role } from './domain/role-status.ts'
import { readRoleStatuses } from './storage/role-status.ts'

const SAY_EACH_MS = 3000

export function sayStarting(config: Config): void {
  console.log(`启动 Starting: ${ROLES.join(' → ')}; data in ${config.dataDir}`)
  if (config.store.type === 'sqlite')
    console.log(
      '遥测存储 Telemetry: embedded SQLite. For InfluxDB set INFLUX_URL and INFLUX_DB (1.x), or INFLUX_URL, INFLUX_TOKEN, INFLUX_ORG and INFLUX_BUCKET (2.x).',
    )
}

/** Waits until `/readyz` says 200, telling now and then what it waits for, and prints the welcome. */
export async function sayReady(options: {
  readonly config: Config
  readonly ports: Readonly<Record<string, number>>
  readonly isStarted: (role: Role) => boolean
  readonly isStopping: () => boolean
}): Promise<void> {
  const { config, ports } = options
  const startedAt = Date.now()
  let saidAt = startedAt
  while (!options.isStopping()) {
    if (ROLES.every(options.isStarted) && ports['httpPort'] !== undefined && (await isReady(config, ports['httpPort']))) break
    if (Date.now() - saidAt > SAY_EACH_MS) {
      saidAt = Date.now()
      console.log(`… ${((saidAt - startedAt) / 1000).toFixed(0)} s: ${waitingFor(config, options.isStarted)}`)
    }
    await wait(100)
  }
  if (options.isStopping()) return
  console.log(`就绪 Ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
  for (const line of welcomeLines(options, startedAt)) console.log(line)
}

async function isReady(config: Config, httpPort: number): Promise<boolean> {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  return fetch(`http://${host}:${httpPort}/readyz`).then(
    (answer) => answer.ok,
    () => false, // not listening yet
  )
}

function waitingFor(config: Config, isStarted: (role: Role) => boolean): string {
  const statuses = readRoleStatuses(config.dataDir)
  const waits = ROLES.filter((role) => !isStarted(role) || statuses[role]?.state !== 'running').map(
    (role) => `${role} ${isStarted(role) ? `waits for ${statuses[role]?.waitingFor ?? 'its first second'}` : 'is starting'}`,
  )
  return waits.join('; ') || 'the dashboard reads the journal'
}

function welcomeLines(
  { config, ports }: { readonly config: Config; readonly ports: Readonly<Record<string, number>> },
  startedAt: number,
): string[] {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host
  return [
    '',
    `  打开 Open     ${config.publicUrl ?? `http://${host}:${ports['httpPort']}`}`,
    `  登录 Sign in  admin / ${password(config, startedAt)}`,
    `  试一下 Try    ${mqttExample(config, { host, port: ports['mqttPort'] ?? config.mqttPort })}`,
    '',
    '  Ctrl-C 停止 stops everything.',
  ]
}

/** A generated password is printed once, at the start that made it; later its file says it. */
function password(config: Config, startedAt: number): string {
  if (config.adminPassword !== undefined) return '(ADMIN_PASSWORD)'
  const path = join(config.dataDir, 'admin-password')
  if (!existsSync(path)) return '(the password you have set)'
  return statSync(path).mtimeMs >= startedAt ? readFileSync(path, 'utf8').trim() : `(the password is in ${path})`
}

function mqttExample(config: Config, { host, port }: { readonly host: string; readonly port: number }): string {
  const path = join(config.dataDir, 'run', 'simulator-credentials.json')
  if (!existsSync(path)) return '运行状态 → 接入设备 (Connect a box) makes a credential and shows the mosquitto_pub line'
  const { example } = JSON.parse(readFileSync(path, 'utf8')) as { example?: { username: string; password: string; topic: string } }
  if (!example) return '接入设备 (Connect a box) makes a credential and shows the mosquitto_pub line'
  return `mosquitto_pub -h ${host} -p ${port} -q 1 -u ${example.username} -P ${example.password} -t ${example.topic} -m '{"code":"touch","active":true,"chainage_m":437}'`
}
