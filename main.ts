/** Wires the line in the order a message travels, as one process for each role, and closes it in reverse. */
import { startAlarms } from './alarms/role.ts'
import { startBroker } from './broker/role.ts'
import process from 'node:process'
import { EXIT_BAD_SETTINGS } from './config.mjs'
import { BadSettings, readConfig, type Config } from './config.ts'
import { startDashboard } from './dashboard/server/role.ts'
import { ROLES, type Role } from './domain/role-status.ts'
import { startIngest } from './ingest/role.ts'
import type { Log } from './log.ts'
import { runRole } from './role-process.ts'
import { supervise } from './supervisor.ts'

/** device → broker → journal → { telemetry store, alarms, live desk }; the ports are what was really bound. */
const line: Record<Role, (config: Config, log: Log) => Promise<{ close(): Promise<void> }>> = {
  broker: startBroker, // MQTT in; acknowledged once the journal has it on disk
  ingest: startIngest, // journal → decode → telemetry store
  alarms: startAlarms, // journal → decode → rules → alarm states
  dashboard: startDashboard, // journal → decode → live state → REST, live feed, screen
}

const config = readConfigOrExit()
const role = ROLES.find((name) => name === process.argv[2])
if (role) await runRole({ role, start: line[role], config })
else await supervise(config)

function readConfigOrExit(): Config {
  try {
    return readConfig()
  } catch (error) {
    if (!(error instanceof BadSettings)) throw error
    console.error(error.message)
    process.exit(EXIT_BAD_SETTINGS)
  }
}
