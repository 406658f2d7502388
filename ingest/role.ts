/** The role that turns the journal into stored telemetry: journal → decode → telemetry store, and dead letters for what is not understood. */
import { mkdirSync } from 'node:fs'
import { startBrokerLink } from '../broker/journal/link.ts'
import { startJournalReader } from '../broker/journal/reader.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { openRecordsReader } from '../storage/records-reader.ts'
import { startStatusWriter } from '../storage/role-status.ts'
import { openDeadLettersWriter } from './dead-letters-writer.ts'
import { startFaultReporter } from './fault-reporter.ts'
import { makeHealth } from './health.ts'
import { startPump } from './pump.ts'
import { watchRoom } from './room.ts'
import { openStore } from './stores/index.ts'

const MAINTAIN_MS = 10_000
const REPORT_MS = 5000
const LOOK_MS = 500

export async function startIngest(config: Config, log: Log): Promise<{ close(): Promise<void> }> {
  mkdirSync(config.dataDir, { recursive: true })
  const status = startStatusWriter({ dataDir: config.dataDir, role: 'ingest' })
  const letters = openDeadLettersWriter({ dataDir: config.dataDir })
  const store = openStore(config)
  const records = openRecordsReader({ dataDir: config.dataDir })
  const journal = startJournalReader({ dataDir: config.dataDir })
  const link = startBrokerLink({ dataDir: config.dataDir })
  const faults = startFaultReporter({ link, log })
  const room = watchRoom({ dataDir: config.dataDir, floorMib: config.diskFloorMib })
  const health = makeHealth({ status, faults, log, store: store.name, floorMib: config.diskFloorMib })
  const pump = startPump({ journal, store, letters, records, rawDays: config.rawDays, log, room, ...health.listeners })

  let lagMs = 0
  const look = () => {
    const figures = pump.figures()
    const now = Date.now()
    const oldest = figures.cursor < journal.head() ? journal.read(figures.cursor, 1)[0] : undefined
    lagMs = oldest === undefined ? 0 : Math.max(0, now - oldest.receivedAt)
    health.look(figures, {
      lagMs,
      freeMib: room.freeMib(),
      trimmedHours: store.trimmedHours?.(),
    })
  }
  let maintaining: Promise<void> | undefined
  const maintain = () => {
    maintaining ??= store
      .maintain(Date.now() - lagMs) // minutes of which readings still wait in the journal would be made twice
      .catch((error: unknown) => log.warn({ err: error }, 'the telemetry store could not be kept in order; tried again in 10 s'))
      .finally(() => {
        maintaining = undefined
      })
  }
  const report = () => {
    // The broker removes segments that every consumer has passed; one report less does no harm.
    if (link.connected()) link.request('committed', { name: 'ingest', cursor: pump.figures().cursor }).catch(() => undefined)
  }
  const timers = [setInterval(look, LOOK_MS), setInterval(maintain, MAINTAIN_MS), setInterval(report, REPORT_MS)]
  log.info({ store: store.name }, 'ingest has started')
  return {
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      await pump.close()
      await maintaining
      await faults.close()
      await link.close()
      await journal.close()
      records.close()
      letters.close()
      await store.close()
      await status.close()
    },
  }
}
