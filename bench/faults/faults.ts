/** A whole system under load whose parts are killed at random moments; afterwards everything it acknowledged must be there once, and its alarms as if nothing had happened. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readRoleStatuses } from '../../storage/role-status.ts'
import { startInflux, whyNoInflux, type InfluxServerUnderTest } from '../../test/support/influx.ts'
import { makeTempDir } from '../../test/support/temp-dir.ts'
import { median, type Report } from '../report.ts'
import { compareAlarms } from './calm.ts'
import type { Ledger } from './ledger.ts'
import type { FaultOptions } from './options.ts'
import { planKills, type Kill, type Victim } from './plan.ts'
import { freePort, prepareEstates, startLoad } from './set-up.ts'
import { settle } from './settle.ts'
import { compareStore, readInflux, readSqlite } from './stored.ts'
import { startGuard } from './guard.ts'
import { watchSystem, type WatchedSystem } from './watched-system.ts'

const DATABASE = 'estatewatch'
/** Load goes on for so long after the last kill. */
const LAST_WORDS_MS = 3000
const BACK_WITHIN_MS = 60_000
const LOOK_MS = 20

interface Killed {
  readonly victim: Victim
  readonly backMs: number
}

export async function runFaults(options: FaultOptions, say: (line: string) => void): Promise<Report> {
  if (options.influx && whyNoInflux() !== undefined) throw new RangeError(whyNoInflux())
  const temp = makeTempDir()
  const [dataDir, calmDir, file] = ['data', 'calm', 'ledger.json'].map((name) => join(temp.path, name)) as [string, string, string]
  const closers: (() => unknown)[] = [() => temp.remove()]
  try {
    const influx = options.influx ? await startInflux() : undefined
    if (influx) closers.push(() => influx.close())
    const [httpPort, mqttPort] = [await freePort(), await freePort()]
    const password = 'under-fire-and-still-here'
    const system = watchSystem({
      DATA_DIR: dataDir,
      HTTP_PORT: String(httpPort),
      MQTT_PORT: String(mqttPort),
      SIMULATE: 'off',
      ADMIN_PASSWORD: password,
      LOG_LEVEL: 'warn',
      ...(influx && { INFLUX_URL: influx.url, INFLUX_DB: DATABASE }),
    })
    closers.push(() => system.kill())
    const url = `http://127.0.0.1:${httpPort}`
    const { gateways, watchers, cookie } = await prepareEstates({ url, password })
    const load = await startLoad({ mqttPort, gateways, rate: options.rate, seed: options.seed, file })
    closers.push(() => load.kill())
    const guard = startGuard({ url, cookie, name: `guard-${options.seed}` })
    const killed = await killAll(planKills(options), { system, influx, dataDir, say })
    await sleep(LAST_WORDS_MS)
    await load.finish()
    await guard.close()
    say('the load has ended; waiting until everything is worked off')
    const topics = await settle({ dataDir, mqttPort, watchers })
    const store = influx ? readInflux(influx, DATABASE) : readSqlite(dataDir)
    await system.stop()
    const ledger = JSON.parse(readFileSync(file, 'utf8')) as Ledger
    const stored = await compareStore(ledger, store)
    store.close?.()
    const alarms = await compareAlarms(dataDir, calmDir, guard.taken)
    for (const example of [...stored.examples, ...alarms.examples, ...topics.examples]) say(example)
    say(
      `${alarms.alarms} alarms, ${alarms.transitions} transitions, ${guard.taken.length} actions of a guard, ${topics.open} topics of open alarms`,
    )
    return report(options, { killed, stored, missing: alarms.missing + topics.missing, doubled: alarms.doubled + topics.doubled })
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

interface Field {
  readonly system: WatchedSystem
  readonly influx: InfluxServerUnderTest | undefined
  readonly dataDir: string
  readonly say: (line: string) => void
}

/** At each moment of the plan, or as soon after it as there is somebody to kill. */
async function killAll(plan: readonly Kill[], field: Field): Promise<readonly Killed[]> {
  const startedAt = performance.now()
  const coming: Promise<Killed>[] = []
  let influxBack: Promise<unknown> = Promise.resolve()
  for (const [i, { atMs, victim, awayMs }] of plan.entries()) {
    await sleep(Math.max(0, atMs - (performance.now() - startedAt)))
    if (victim === 'influxd') {
      await influxBack
      const killed = killInflux(field.influx!, awayMs)
      influxBack = killed
      coming.push(killed)
    } else {
      const pid = await findPart(field.system, victim)
      coming.push(killPart(pid, victim, field))
    }
    if ((i + 1) % 20 === 0) field.say(`${i + 1} of ${plan.length} killed`)
  }
  return Promise.all(coming)
}

async function killInflux(influx: InfluxServerUnderTest, awayMs: number): Promise<Killed> {
  const at = performance.now()
  await influx.stop('SIGKILL')
  await sleep(awayMs)
  await influx.start()
  return { victim: 'influxd', backMs: performance.now() - at }
}

async function findPart(system: WatchedSystem, victim: Exclude<Victim, 'influxd'>): Promise<number> {
  for (const deadline = Date.now() + BACK_WITHIN_MS; ;) {
    const pid = system.pidOf(victim)
    if (pid !== undefined) return pid
    await sleep(LOOK_MS)
    if (Date.now() > deadline)
      throw new Error(`${victim} did not come back within ${BACK_WITHIN_MS / 1000} s; it said:\n${system.output()}`)
  }
}

/** @returns when another process of this part says that it runs, or has been killed in its turn. */
async function killPart(pid: number, victim: Exclude<Victim, 'influxd'>, { system, dataDir }: Field): Promise<Killed> {
  const at = performance.now()
  process.kill(pid, 'SIGKILL')
  for (;;) {
    await sleep(LOOK_MS * 2)
    const next = system.pidOf(victim)
    const backMs = performance.now() - at
    if (backMs > BACK_WITHIN_MS) return { victim, backMs }
    if (next === undefined || next === pid) continue
    if (victim === 'supervisor') return { victim, backMs }
    const status = readRoleStatuses(dataDir)[victim]
    if (status?.pid === next && status.state === 'running') return { victim, backMs }
  }
}

function report(
  { influx }: FaultOptions,
  found: {
    readonly killed: readonly Killed[]
    readonly stored: Awaited<ReturnType<typeof compareStore>>
    readonly missing: number
    readonly doubled: number
  },
): Report {
  const { killed, stored } = found
  const victims = [...new Set(killed.map(({ victim }) => victim))]
  const figures = {
    kills: killed.length,
    acknowledged: stored.acknowledged,
    stored: stored.stored,
    missing: stored.missing,
    doubled: stored.doubled,
    alarms_missing: found.missing,
    alarms_doubled: found.doubled,
  }
  const version = influx ? spawnSync('influxd', ['version'], { encoding: 'utf8' }).stdout.trim() : undefined
  return {
    table: victims.map((victim) => {
      const backMs = killed.filter((one) => one.victim === victim).map((one) => one.backMs)
      return { victim, kills: backMs.length, back_p50_ms: Math.round(median(backMs)), back_max_ms: Math.round(Math.max(...backMs)) }
    }),
    figures,
    limits: Object.fromEntries(
      (['missing', 'doubled', 'alarms_missing', 'alarms_doubled'] as const).map((name) => [name, { figure: figures[name], atMost: 0 }]),
    ),
    ...(version !== undefined && { versions: { influxd: version } }),
  }
}
