/** The example estates' devices while the dashboard server keeps credentials for them: starts, plays scenarios on and ends them. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs } from '../domain/clock.ts'
import type { Estate } from '../domain/estate.ts'
import type { Log } from '../log.ts'
import type { Simulations } from './load-simulations.ts'
import { lifeOffset } from './plan-scenario.ts'
import { runScenario, type RunningScenario } from './run-scenario.ts'
import { readScenario } from './scenario-files.ts'
import type { Scenario } from './scenario.ts'
import { parseSelector, selectDevices, SELECTOR_RULE } from './selector.ts'
import type { SimulatorRequest } from './socket.ts'
import { startVirtualEstate, type VirtualEstate } from './virtual-estate.ts'
import type { Login } from './virtual-gateway.ts'

const LOOK_EVERY_MS = 500
const SEED = 760

/** What the dashboard server writes for us. */
export interface CredentialsFile {
  readonly estates: Readonly<Record<string, Readonly<Record<string, Login>>>>
}

export interface SimulatedEstates {
  handle(request: SimulatorRequest): Promise<EpochMs>
  close(): Promise<void>
}

export function startSimulatedEstates(options: {
  readonly dataDir: string
  /** undefined while the broker's port is not known. */
  brokerUrl(): string | undefined
  findEstate(id: string): Estate | undefined
  readonly simulations: Simulations
  /** Played once when the estate it names starts. */
  readonly scenario: Scenario | undefined
  readonly log: Log
}): SimulatedEstates {
  const { dataDir, simulations, scenario, log } = options
  const path = join(dataDir, 'run', 'simulator-credentials.json')
  const running = new Map<string, VirtualEstate>()
  const scenarios = new Map<string, RunningScenario>()
  let seen = ''
  let work = Promise.resolve()

  const look = async () => {
    const stamp = existsSync(path) ? `${statSync(path).mtimeMs}` : ''
    if (stamp === seen) return
    const url = options.brokerUrl()
    if (stamp !== '' && url === undefined) return
    await stopAll()
    seen = stamp
    if (stamp === '') {
      log.info('no simulated devices: the example estates are not there')
      return
    }
    const { estates } = JSON.parse(readFileSync(path, 'utf8')) as CredentialsFile
    const found = Object.entries(estates).map(([id, logins]) => ({ id, logins, estate: options.findEstate(id) }))
    if (found.some(({ estate }) => !estate)) seen = '' // its file is not readable yet: once more
    for (const { estate, logins } of found) if (estate) start(estate, logins, url!)
  }
  const start = (estate: Estate, logins: Readonly<Record<string, Login>>, url: string) => {
    const own = scenario?.estate === estate.id ? scenario : undefined
    const virtual = startVirtualEstate({
      estate,
      logins,
      url,
      simulations,
      seed: SEED,
      lifeOffsetMs: lifeOffset(own, Date.now()),
      onTrouble: (message) => log.warn({ estate: estate.id }, message),
    })
    running.set(estate.id, virtual)
    void virtual.connected().then(() => {
      log.info({ estate: estate.id, devices: estate.devices.length }, 'simulated devices are connected')
      if (own && running.get(estate.id) === virtual) play(own, virtual)
    })
  }
  const play = (what: Scenario, on: VirtualEstate): RunningScenario => {
    const key = `${on.estate.id}/${what.name}`
    scenarios.get(key)?.cancel()
    const run = runScenario(what, { on, simulations, seed: SEED })
    scenarios.set(key, run)
    return run
  }
  const stopAll = async () => {
    for (const run of scenarios.values()) run.cancel()
    scenarios.clear()
    await Promise.all([...running.values()].map((virtual) => virtual.close()))
    running.clear()
  }
  const lookInTurn = () => {
    work = work.then(look).catch((error: unknown) => log.error({ err: error }, 'the simulated devices could not be started'))
  }
  lookInTurn()
  const timer = setInterval(lookInTurn, LOOK_EVERY_MS)

  return {
    handle: async (request) => {
      const on = running.get(request.estate)
      if (!on) throw new RangeError(`estate ${request.estate} is not simulated`)
      if ('scenario' in request) return play(readScenario(request.scenario), on).published
      const selector = parseSelector(request.device)
      const device = selector && selectDevices(selector, on.estate)[0]
      if (!device) throw new RangeError(`estate ${on.estate.id} has no ${request.device}; device must be ${SELECTOR_RULE}`)
      return on.schedule({ at: on.now(), device, name: request.do, options: request.with })
    },
    close: async () => {
      clearInterval(timer)
      await work
      await stopAll()
    },
  }
}
