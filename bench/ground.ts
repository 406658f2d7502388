/** What the measurements of the line stand on: a data folder with one estate of many lifts and gateways, roles as processes, publishers as processes. */
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { startBrokerLink } from '../broker/journal/link.ts'
import type { Estate } from '../domain/estate.ts'
import { ROLES, type Role } from '../domain/role-status.ts'
import { builtFile } from '../project-root.ts'
import { openMigrated } from '../storage/migrations.ts'
import { RECORDS_FILE, RECORDS_STEPS } from '../storage/records-schema.ts'
import { readRoleStatuses } from '../storage/role-status.ts'
import { makeCredential, withoutPassword, type TestCredential } from '../test/support/broker.ts'
import { freePort } from '../test/dashboard/server/free-port.ts'
import { makeTempDir } from '../test/support/temp-dir.ts'
import { until } from '../test/support/until.ts'
import type { PublisherOptions, PublisherReport } from './publisher.ts'

export const ESTATE = 'bench'
export const ADMIN_PASSWORD = 'measured-here'

export interface Ground {
  readonly dataDir: string
  readonly lifts: readonly string[]
  readonly credentials: readonly TestCredential[]
  /** Starts a role as a process of its own and waits until it serves. */
  start(role: Role, env?: Readonly<Record<string, string>>): Promise<void>
  stop(role: Role): Promise<void>
  httpUrl(): string
  /** Tells the broker the gateways' credentials. */
  admit(): Promise<void>
  /** Ends when everything is acknowledged, or when told to. */
  publish(options: Omit<PublisherOptions, 'port' | 'credentials'>, signal?: AbortSignal): Promise<PublisherReport | undefined>
  close(): Promise<void>
}

export function makeGround(options: { readonly lifts: number; readonly gateways: number }): Ground {
  const temp = makeTempDir()
  const dataDir = temp.path
  const lifts = Array.from({ length: options.lifts }, (_, i) => `lift-${i}`)
  const gateways = Array.from({ length: options.gateways }, (_, i) => `gw-${i}`)
  const credentials = gateways.map((gateway) => makeCredential({ type: 'gateway', estate: ESTATE, gateway }))
  writeEstate(dataDir, { lifts, gateways })
  let httpPort = 0
  const children = new Map<Role, ChildProcess>()
  const figure = (role: Role, name: string) => Number(readRoleStatuses(dataDir)[role]?.figures?.[name])
  const mqttPort = () => figure('broker', 'mqttPort')

  const start = async (role: Role, env: Readonly<Record<string, string>> = {}) => {
    httpPort ||= await freePort()
    const child = spawn(process.execPath, [builtFile('main'), role], {
      env: {
        PATH: process.env['PATH'],
        HTTP_PORT: String(httpPort),
        MQTT_PORT: '0',
        LOG_LEVEL: 'warn',
        ADMIN_PASSWORD,
        SIMULATE: 'off',
        ...env,
        DATA_DIR: dataDir,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    children.set(role, child)
    const isUp = () => {
      if (child.exitCode !== null) throw new Error(`${role} ended with ${child.exitCode}`)
      const status = readRoleStatuses(dataDir)[role]
      return status?.pid === child.pid && status?.state !== 'starting'
    }
    await until(isUp, { timeoutMs: 60_000, what: `${role} serves` })
  }
  const stop = async (role: Role) => {
    const child = children.get(role)
    children.delete(role)
    if (!child || child.exitCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  return {
    dataDir,
    lifts,
    credentials,
    start,
    stop,
    httpUrl: () => `http://127.0.0.1:${httpPort}`,
    admit: async () => {
      const link = startBrokerLink({ dataDir })
      await link.request('credentials', { revision: 1, credentials: credentials.map(withoutPassword) })
      await link.close()
    },
    publish: async (what, signal) => {
      const told = credentials.map(({ username, password }) => ({ username, password }))
      const child = fork(builtFile('bench/publisher'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      child.send({ ...what, port: mqttPort(), credentials: told } satisfies PublisherOptions)
      return new Promise<PublisherReport | undefined>((resolve, reject) => {
        signal?.addEventListener('abort', () => {
          resolve(undefined)
          child.kill()
        })
        child.once('message', (report: PublisherReport) => resolve(report))
        child.once('exit', (code) => reject(new Error(`the publisher ended with ${code}`)))
      })
    },
    close: async () => {
      for (const role of [...ROLES].reverse()) await stop(role)
      temp.remove()
    },
  }
}

function writeEstate(
  dataDir: string,
  { lifts, gateways }: { readonly lifts: readonly string[]; readonly gateways: readonly string[] },
): void {
  mkdirSync(dataDir, { recursive: true })
  const estate: Estate = {
    id: ESTATE,
    name: 'Bench',
    bearingDeg: 0,
    plan: { type: 'FeatureCollection', features: [] },
    blocks: [],
    lifts: [],
    people: [],
    duties: [],
    devices: [
      ...gateways.map((id) => ({ id, kind: 'gateway', name: id, site: {} })),
      ...lifts.map((id, i) => ({ id, kind: 'elevator', name: id, gateway: gateways[i % gateways.length]!, site: {} })),
    ],
  }
  const records = openMigrated(join(dataDir, RECORDS_FILE), RECORDS_STEPS)
  records.prepare('insert into revision (revision, at) values (1, ?)').run(Date.now())
  records.prepare('insert into estate_revision (estate, revision, body) values (?, 1, ?)').run(ESTATE, JSON.stringify(estate))
  records.close()
}
