/** Hostile MQTT and HTTP at a whole real system, with good clients beside it: nobody may die, grow, or be disturbed, and everything is named and counted. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import mqtt from 'mqtt'
import type { Estate } from '../../domain/estate.ts'
import { ROLES, type Role } from '../../domain/role-status.ts'
import { seedOf } from '../../simulators/random.ts'
import type { Login } from '../../simulators/virtual-gateway.ts'
import { readRoleStatuses } from '../../storage/role-status.ts'
import { startSystem, type RunningSystem } from '../../test/support/system.ts'
import { until } from '../../test/support/until.ts'
import { quantile, type Report } from '../report.ts'
import { sendRequests, type Answered } from './attack-http.ts'
import { sendConnections, sendPayloads, type Speaker } from './attack-mqtt.ts'

export interface HostileOptions {
  /** MQTT: three of four are payloads of clients that were let in, one is a connection of its own. */
  readonly packets: number
  readonly requests: number
  readonly seed: number
}

/** Memory of a role differs by less than this from one collection of garbage to another; a leak of 1 KiB a packet is more over the whole count. */
const GROWTH_KIB = 64 * 1024
const GOOD_MS = 50
/** The first part warms everything up: memory must not grow from its end to that of the last. */
const PARTS = 4
const CONNECTIONS_SHARE = 0.25
const ESTATE = 'yangqu-760'

export async function runHostile(options: HostileOptions, say: (line: string) => void): Promise<Report> {
  const system = await startSystem({ env: { SIMULATE: 'off', LOG_LEVEL: 'error' } })
  try {
    await until(async () => (await fetch(`${system.url}/readyz`)).ok, { timeoutMs: 60_000 })
    const { speakers, good, cookie } = await prepare(system)
    const port = Number(new URL(system.url).port)
    const pids = pidsOf(system)
    const goodClients = startGoodClients(system, good, cookie)
    const before = await counted(system)
    const expected: Record<string, number> = {}
    const answered: Answered = { answers: {}, wrong: [] }
    let warm: ByRole | undefined
    for (let part = 0; part < PARTS; part++) {
      const seed = seedOf(options.seed, String(part))
      const count = Math.round(options.packets / PARTS)
      const connections = Math.round(count * CONNECTIONS_SHARE)
      add(expected, await sendPayloads({ port: system.mqttPort, count: count - connections, seed, speakers }))
      add(expected, await sendConnections({ port: system.mqttPort, count: connections, seed, speakers }))
      const { answers, wrong } = await sendRequests({ port, count: Math.round(options.requests / PARTS), seed, cookie })
      add(answered.answers, answers)
      answered.wrong.push(...wrong)
      await workedOff(system)
      say(`part ${part + 1} of ${PARTS} sent and worked off`)
      warm ??= memoryOf(system) // by now all code has run and all caches are filled
    }
    const after = memoryOf(system)
    const disturbed = await goodClients.close()
    if (disturbed.lost > 0) say(system.output().slice(-4000))
    const died = ROLES.filter((role) => pidsOf(system)[role] !== pids[role])
    const growth = growthOf(warm!, after)
    return report(options, { expected, counted: difference(await counted(system), before), answered, growth, disturbed, died }, say)
  } finally {
    await system.stop()
  }
}

function add(to: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) to[name] = (to[name] ?? 0) + count
}

async function prepare(system: RunningSystem) {
  const { body: estate } = await system.api<Estate>('GET', `/estates/${ESTATE}`)
  const gateways = estate.devices.filter(({ kind }) => kind === 'gateway').map(({ id }) => id)
  const logins: Login[] = []
  for (const id of gateways) logins.push((await system.api<Login>('POST', `/estates/${ESTATE}/credentials/gw.${ESTATE}.${id}/rotate`)).body)
  const first = (kind: string) => estate.devices.find((device) => device.kind === kind)!.id
  const devices = { camera: first('camera'), elevator: first('elevator'), 'fence-zone': first('fence-zone'), nobody: 'nobody-here' }
  const speakers: Speaker[] = logins.slice(0, -1).map((login) => ({ login, estate: ESTATE, devices }))
  const bay = estate.devices.find(({ kind }) => kind === 'parking-bay')!.id
  const answer = await fetch(`${system.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: system.password }),
  })
  return {
    speakers,
    good: { login: logins.at(-1)!, topic: `estates/${ESTATE}/parking-bay/${bay}/telemetry` },
    cookie: answer.headers.getSetCookie()[0]!.split(';')[0]!,
  }
}

/** A gateway and a screen that behave, and how long they had to wait. */
function startGoodClients(system: RunningSystem, good: { readonly login: Login; readonly topic: string }, cookie: string) {
  const acknowledged: number[] = []
  const answered: number[] = []
  let lost = 0
  let closed = false
  const client = mqtt.connect(`mqtt://127.0.0.1:${system.mqttPort}`, { ...good.login, reconnectPeriod: 100 })
  client.on('close', () => {
    if (!closed) lost++
  })
  const publish = async () => {
    for (let n = 0; !closed; n++) {
      const at = performance.now()
      await client.publishAsync(good.topic, JSON.stringify({ status: n % 2 === 0 ? 'free' : 'occupied', rssi_dbm: -70 }), { qos: 1 })
      acknowledged.push(performance.now() - at)
      await sleep(GOOD_MS)
    }
  }
  const ask = async () => {
    while (!closed) {
      const at = performance.now()
      const isServed = await fetch(`${system.url}/api/v1/estates`, { headers: { cookie } }).then(
        async (answer) => (await answer.arrayBuffer()).byteLength > 0 && answer.ok,
        () => false, // counted
      )
      if (!isServed) lost++
      answered.push(performance.now() - at)
      await sleep(GOOD_MS)
    }
  }
  const running = [publish(), ask()]
  return {
    close: async () => {
      closed = true
      await Promise.all(running)
      await client.endAsync()
      return { lost, ackP99Ms: quantile(acknowledged, 0.99), answerP99Ms: quantile(answered, 0.99), sent: acknowledged.length }
    },
  }
}

/** Rejections of messages under `rejected`, refusals of the broker by their reason. */
async function counted(system: RunningSystem): Promise<Record<string, number>> {
  interface Operations {
    readonly rejected: readonly { readonly reason: string; readonly count: number }[]
    readonly refusals: readonly { readonly what: string; readonly count: number }[]
  }
  const { body } = await system.api<Operations>('GET', '/operations')
  const counts: Record<string, number> = { rejected: 0 }
  // a publish outside a credential's rights is counted as a refusal; only the first ten a minute are kept as letters
  for (const { reason, count } of body.rejected) if (reason !== 'not-allowed') counts['rejected']! += count
  // who has guessed too often is refused before the password is looked at
  for (const { what, count } of body.refusals) {
    const name = what === 'too-many-failures' ? 'wrong-credentials' : what
    counts[name] = (counts[name] ?? 0) + count
  }
  return counts
}

function difference(after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]))
}

async function workedOff(system: RunningSystem): Promise<void> {
  const { body } = await system.api<{ readonly journal: { readonly head: number } }>('GET', '/operations')
  await until(() => Object.values(readRoleStatuses(system.dataDir)).every((status) => (status?.cursor ?? 0) >= body.journal.head), {
    timeoutMs: 300_000,
    what: 'everything is worked off',
  })
}

type ByRole = Readonly<Record<Role, number>>

function pidsOf({ dataDir }: RunningSystem): ByRole {
  const statuses = readRoleStatuses(dataDir)
  return Object.fromEntries(ROLES.map((role) => [role, statuses[role]?.pid ?? 0])) as ByRole
}

/** KiB that are a role's own, without mapped files. */
function memoryOf(system: RunningSystem): ByRole {
  const pids = pidsOf(system)
  return Object.fromEntries(
    ROLES.map((role) => [role, Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pids[role]}/status`, 'utf8'))?.[1])]),
  ) as ByRole
}

function growthOf(before: ByRole, after: ByRole): ByRole {
  return Object.fromEntries(ROLES.map((role) => [role, after[role] - before[role]])) as ByRole
}

interface Found {
  readonly expected: Readonly<Record<string, number>>
  readonly counted: Readonly<Record<string, number>>
  readonly answered: Answered
  readonly growth: ByRole
  readonly disturbed: { readonly lost: number; readonly ackP99Ms: number; readonly answerP99Ms: number; readonly sent: number }
  readonly died: readonly Role[]
}

function report(options: HostileOptions, found: Found, say: (line: string) => void): Report {
  const { expected, counted: have, answered, growth, disturbed, died } = found
  for (const line of answered.wrong) say(line)
  const names = Object.keys(expected)
  const uncounted = names.reduce((sum, name) => sum + Math.abs(expected[name]! - (have[name] ?? 0)), 0)
  const limits = {
    died: { figure: died.length, atMost: 0 },
    uncounted: { figure: uncounted, atMost: 0 },
    wrong_answers: { figure: answered.wrong.length, atMost: 0 },
    good_lost: { figure: disturbed.lost, atMost: 0 },
    most_growth_kib: { figure: Math.max(...Object.values(growth)), atMost: GROWTH_KIB },
  }
  return {
    table: [
      ...names.map((name) => ({ what: name, expected: expected[name]!, counted: have[name] ?? 0 })),
      ...Object.entries(answered.answers).map(([name, count]) => ({ what: `HTTP: ${name}`, expected: '', counted: count })),
      ...ROLES.map((role) => ({ what: `KiB more: ${role}`, expected: '', counted: growth[role] })),
    ],
    figures: {
      packets: options.packets,
      requests: options.requests,
      ...Object.fromEntries(Object.entries(limits).map(([name, { figure }]) => [name, figure])),
      good_messages: disturbed.sent,
      good_ack_p99_ms: disturbed.ackP99Ms,
      good_answer_p99_ms: disturbed.answerP99Ms,
    },
    limits,
  }
}
