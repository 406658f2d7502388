/** Wires the line in the order a message travels, as one process for each role, and closes it in reverse. */
import process from 'node:process'
import { EXIT_BAD_SETTINGS } from './config.mjs'
import { BadSettings, readConfig, type Config } from './config.ts'
import { ROLES, type Role } from './domain/role-status.ts'
import type { Log } from './log.ts'

type StartRole = (config: Config, log: Log) => Promise<{ close(): Promise<void> }>

/** device → broker → journal → { telemetry store, alarms, live desk }. A process loads its own role only: loading is most of a start. */
const line: Record<Role, () => Promise<StartRole>> = {
  broker: async () => (await import('./broker/role.ts')).startBroker, // MQTT in; acknowledged once the journal has it on disk
  ingest: async () => (await import('./ingest/role.ts')).startIngest, // journal → decode → telemetry store
  alarms: async () => (await import('./alarms/role.ts')).startAlarms, // journal → decode → rules → alarm states
  dashboard: async () => (await import('./dashboard/server/role.ts')).startDashboard, // journal → decode → live state → REST, live feed, screen
}

const config = readConfigOrExit()
const role = ROLES.find((name) => name === process.argv[2])
if (role) await (await import('./role-process.ts')).runRole({ role, load: line[role], config })
else await (await import('./supervisor.ts')).supervise(config)

function readConfigOrExit(): Config {
  try {
    return readConfig()
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error
    console.error(error.message)
    process.exit(EXIT_BAD_SETTINGS)
  }
}
