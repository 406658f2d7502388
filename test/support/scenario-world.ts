/** A whole system with one simulated estate for each scenario, on a fast clock: real processes, MQTT, journal, stores and server, only sooner over. */
import { fork, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { HOUR_MS, DAY_MS, type EpochMs } from '../../domain/clock.ts'
import type { Estate } from '../../domain/estate.ts'
import { builtFile, projectRoot } from '../../project-root.ts'
import type { Scenario } from '../../simulators/scenario.ts'
import { readExample } from '../simulators/support.ts'
import { askSimulator } from './simulator.ts'
import { startSystem, type RunningSystem } from './system.ts'
import { until } from './until.ts'

export interface ScenarioWorld {
  readonly system: RunningSystem
  /** What the clock of this world shows. */
  now(): EpochMs
  /** Resolves when it shows that instant. */
  reached(at: EpochMs): Promise<void>
  /** Begins now; resolves when its first message is acknowledged. */
  play(scenario: Scenario): Promise<void>
  close(): Promise<void>
}

/** Each scenario has an estate of its own, a copy of the one that it names. */
export const estateOf = ({ name }: Pick<Scenario, 'name'>): string => `for-${name}`

export async function startScenarioWorld(options: {
  readonly scenarios: readonly Scenario[]
  readonly speed: number
  readonly env: Readonly<Record<string, string>>
}): Promise<ScenarioWorld> {
  const { scenarios, speed } = options
  const clock = { realAt: Date.now(), shownAt: comingNight(Date.now()), speed }
  const now = () => clock.shownAt + (Date.now() - clock.realAt) * speed
  const env = {
    FAST_CLOCK: JSON.stringify(clock),
    NODE_OPTIONS: `--import ${pathToFileURL(join(projectRoot, 'test', 'support', 'fast-clock.mjs')).href}`,
  }
  const system = await startSystem({ env: { ...env, ...options.env, SIMULATE: 'off' } })
  let simulators: ChildProcess | undefined
  const close = async () => {
    await end(simulators)
    await system.stop()
  }
  try {
    const logins: Record<string, Readonly<Record<string, unknown>>> = {}
    for (const scenario of scenarios) logins[estateOf(scenario)] = await settle(system, scenario)
    writeFileSync(join(system.dataDir, 'run', 'simulator-credentials.json'), JSON.stringify({ estates: logins }))
    simulators = fork(builtFile('simulators/main'), [], {
      env: { PATH: process.env['PATH'], ...env, DATA_DIR: system.dataDir, MQTT_PORT: '0', LOG_LEVEL: 'silent' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await until(async () => (await online(system)) === (await total(system)), { timeoutMs: 60_000, what: 'every simulated device online' })
  } catch (error) {
    await close()
    throw error
  }
  return {
    system,
    now,
    reached: (at) => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - now()) / speed)),
    play: async (scenario) => {
      await askSimulator(system.dataDir, { estate: estateOf(scenario), scenario: scenario.name })
    },
    close,
  }
}

/** The coming two in the morning in Shanghai: people sleep, and to the browser, whose cookies keep the real time, no session is over. */
function comingNight(at: EpochMs): EpochMs {
  return Math.ceil((at + 6 * HOUR_MS) / DAY_MS) * DAY_MS - 6 * HOUR_MS
}

/** Loads the estate and has a credential made for each of its gateways. */
async function settle(system: RunningSystem, scenario: Scenario): Promise<Readonly<Record<string, unknown>>> {
  const estate: Estate = { ...readExample(scenario.estate), id: estateOf(scenario) }
  await system.api('POST', '/estates', estate)
  const gateways = estate.devices.filter(({ kind }) => kind === 'gateway')
  const made = await Promise.all(gateways.map(({ id }) => system.api<unknown>('POST', `/estates/${estate.id}/gateways`, { name: id })))
  return Object.fromEntries(gateways.map(({ id }, i) => [id, made[i]!.body]))
}

type Counts = readonly { readonly devices: Readonly<Record<string, { readonly total: number; readonly online: number }>> }[]
const sum = async (system: RunningSystem, what: 'total' | 'online') =>
  (await system.api<Counts>('GET', '/estates')).body
    .flatMap(({ devices }) => Object.values(devices))
    .reduce((all, kind) => all + kind[what], 0)
const online = (system: RunningSystem) => sum(system, 'online')
const total = (system: RunningSystem) => sum(system, 'total')

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}
