/** The process that lets the example estates' devices live: reads its gateways' credentials, speaks MQTT as they would, and plays scenarios on request. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { EXIT_BAD_SETTINGS } from '../config.mjs'
import { BadSettings, readConfig, type Config } from '../config.ts'
import { startLog } from '../log.ts'
import { openRecordsReader } from '../storage/records-reader.ts'
import { readRoleStatuses } from '../storage/role-status.ts'
import { loadSimulations } from './load-simulations.ts'
import { readScenario } from './scenario-files.ts'
import type { Scenario } from './scenario.ts'
import { startSimulatedEstates } from './simulated-estates.ts'
import { startSimulatorSocket } from './socket.ts'

const { config, scenario } = readOrExit()
const log = startLog({ role: 'simulators', level: config.logLevel })
mkdirSync(join(config.dataDir, 'run'), { recursive: true })
const records = openRecordsReader({ dataDir: config.dataDir })
const estates = startSimulatedEstates({
  dataDir: config.dataDir,
  brokerUrl: () => brokerUrl(config),
  findEstate: (id) => {
    const revision = records.newestRevision()
    return revision === undefined ? undefined : records.estatesAt(revision).estates.get(id)
  },
  simulations: await loadSimulations(),
  scenario,
  log,
})
const socket = await startSimulatorSocket({ dataDir: config.dataDir, handle: (request) => estates.handle(request) })
log.info('waiting for devices to simulate')

let ending = false
const end = () => {
  if (ending) return
  ending = true
  void socket
    .close()
    .then(() => estates.close())
    .then(() => {
      records.close()
      process.exit(0)
    })
}
process.on('SIGTERM', end)
process.on('SIGINT', () => {
  if (process.send === undefined) end() // Ctrl-C reaches the whole group; the supervisor keeps the order
})
process.on('disconnect', end)
if (process.send !== undefined && !process.connected) end() // the supervisor went while this process was still loading

function readOrExit(): { readonly config: Config; readonly scenario: Scenario | undefined } {
  try {
    const read = readConfig()
    return { config: read, scenario: ['auto', 'off'].includes(read.simulate) ? undefined : readScenario(read.simulate) }
  } catch (error) {
    if (error instanceof BadSettings) console.error(error.message)
    else if (error instanceof RangeError) console.error(`SIMULATE: ${error.message}`)
    else throw error
    process.exit(EXIT_BAD_SETTINGS)
  }
}

/** With `MQTT_PORT=0` the broker says in its status which port it got. */
function brokerUrl({ host, mqttPort, dataDir }: Config): string | undefined {
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const port = mqttPort !== 0 ? mqttPort : readRoleStatuses(dataDir).broker?.figures?.['mqttPort']
  return port === undefined ? undefined : `mqtt://${address.includes(':') ? `[${address}]` : address}:${port}`
}
