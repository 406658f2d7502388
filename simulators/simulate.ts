/** `npm run simulate`: the devices of one estate, or a scenario on them, published to any MQTT broker as their gateways would. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { readConfig } from '../config.ts'
import { SECOND_MS } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import type { Estate } from '../domain/estate.ts'
import { parseEstate } from '../estates/load.ts'
import { projectRoot } from '../project-root.ts'
import { parseInputLine } from './input-line.ts'
import { refuseLiveDevices } from './live-check.ts'
import { loadSimulations } from './load-simulations.ts'
import { makeLogins, readLogins, type Logins } from './logins.ts'
import { lifeOffset } from './plan-scenario.ts'
import { recordLife } from './record-life.ts'
import { signIn, type RestClient } from './rest-client.ts'
import { runScenario } from './run-scenario.ts'
import { readScenario } from './scenario-files.ts'
import { readSimulateOptions, SIMULATE_USAGE, type SimulateOptions } from './simulate-options.ts'
import { startVirtualEstate } from './virtual-estate.ts'

const DRAIN_MS = 5000

try {
  process.exitCode = await simulate(readSimulateOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof RangeError) && !(error instanceof AppError)) throw error
  console.error(error instanceof AppError ? `${error.code}: ${error.message}` : `${error.message}\n\n${SIMULATE_USAGE}`)
  process.exitCode = 1
}
process.exit()

async function simulate(options: SimulateOptions): Promise<number> {
  const { seed, speed, server } = options
  const rest = server && !options.print ? await signIn(server) : undefined
  const estate = await findEstate(options.estate, rest)
  const scenario = options.scenario === undefined ? undefined : readScenario(options.scenario)
  const seconds = options.seconds ?? scenario?.seconds
  const lengthMs = seconds === undefined ? Infinity : seconds * SECOND_MS
  // a fast run ends in the present, so that no reading is ahead of the clock
  const startAt = options.start ?? (speed === 1 ? Date.now() : Math.round(Date.now() - lengthMs * (1 - 1 / speed)))
  const simulations = await loadSimulations()
  const life = { estate, simulations, seed, startAt, lifeOffsetMs: lifeOffset(scenario, startAt) }
  if (options.print) {
    for (const line of recordLife({ ...life, scenario, lengthMs: Math.min(lengthMs, 3600 * SECOND_MS) })) console.log(line)
    return 0
  }
  if (speed !== 1 && rest) await refuseLiveDevices(rest, { estate: estate.id, concerns: () => true, now: Date.now() })
  const logins = await findLogins(options, estate, rest)
  const virtual = startVirtualEstate({
    ...life,
    speed,
    url: options.broker,
    logins: logins ?? {},
    anonymous: logins === undefined,
    onTrouble: (message) => console.error(message),
  })
  process.once('SIGINT', () => void virtual.close().then(() => process.exit(0)))
  process.once('SIGTERM', () => void virtual.close().then(() => process.exit(0)))
  await virtual.connected()
  console.log(
    `${estate.devices.length} devices of ${estate.id} at ${options.broker}${scenario ? `, scenario ${scenario.name}` : ''}, seed ${seed}`,
  )
  for (const { at, do: what } of scenario?.outside ?? []) console.log(`second ${at}: ${what} is for whoever runs the servers`)
  const run = scenario && runScenario(scenario, { on: virtual, simulations, seed, startAt })
  createInterface({ input: process.stdin }).on('line', (line) => {
    try {
      const { device, name, options: inputOptions } = parseInputLine(line, estate)
      virtual.schedule({ at: virtual.now(), device, name, options: inputOptions }).catch((error: unknown) => console.error(String(error)))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      console.error(error.message)
    }
  })
  await new Promise((resolve) => {
    if (lengthMs !== Infinity) setTimeout(resolve, (startAt + lengthMs - virtual.now()) / speed)
  })
  if (scenario && lengthMs < scenario.seconds * SECOND_MS)
    run?.cancel() // its later steps lie beyond the end
  else await run?.done
  for (const end = Date.now() + DRAIN_MS; !virtual.drained() && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 20))
  const allTaken = virtual.drained()
  await virtual.close()
  console.log(`${virtual.acknowledged()} messages acknowledged`)
  return allTaken ? 0 : 1
}

async function findEstate(name: string, rest: RestClient | undefined): Promise<Estate> {
  const isFile = /\.(ya?ml|json)$/.test(name)
  const path = isFile ? name : join(projectRoot, 'estates', 'examples', `${name}.yaml`)
  if (!isFile && rest) return rest.call<Estate>('GET', `/estates/${encodeURIComponent(name)}`)
  if (!existsSync(path)) throw new RangeError(`there is no estate ${name}: give an id of estates/examples, or a file`)
  const parsed = parseEstate(readFileSync(path, 'utf8'))
  if (parsed.ok) return parsed.estate
  throw new RangeError(
    parsed.faults.map((fault) => `${path}:${fault.line ?? 1}:${fault.column ?? 1} ${fault.path} ${fault.rule}`).join('\n'),
  )
}

/** @returns undefined when there are none: the broker may let anyone in */
async function findLogins(options: SimulateOptions, estate: Estate, rest: RestClient | undefined): Promise<Logins | undefined> {
  if (options.credentials !== undefined) return readLogins(options.credentials, estate.id)
  if (rest && options.server) return makeLogins(rest, estate, options.server)
  const local = join(readConfig().dataDir, 'run', 'simulator-credentials.json')
  return !options.brokerGiven && existsSync(local) ? readLogins(local, estate.id) : undefined
}
