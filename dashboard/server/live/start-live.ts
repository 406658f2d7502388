/** Wires the live side: journal → live state → live feed, with the alarms that stood at the start. */
import type { Alarm } from '../../../domain/alarm.ts'
import { SECOND_MS, type Clock } from '../../../domain/clock.ts'
import type { EstateSet } from '../../../domain/estate.ts'
import type { BrokerLink, JournalReader } from '../../../domain/journal.ts'
import type { ActionResult } from '../../../domain/system.ts'
import type { LatestRow } from '../../../domain/telemetry.ts'
import type { Log } from '../../../log.ts'
import { openRecordsReader } from '../../../storage/records-reader.ts'
import { startFollower, type Follower } from './follower.ts'
import { createLiveState, type LiveState } from './live-state.ts'
import { openLiveStore } from './live-store.ts'

export interface LiveOptions {
  readonly dataDir: string
  readonly rawDays: number
  readonly journal: JournalReader
  readonly broker: BrokerLink
  readonly clock: Clock
  readonly log: Log
  /** All that are not closed, as the engine has written them; undefined while it has never run. */
  readonly openAlarms: () => readonly Alarm[] | undefined
  readonly latest: (estate: string) => Promise<readonly LatestRow[]>
  readonly onAlarm: (alarm: Alarm) => void
  readonly onEstates: (set: EstateSet) => void
  readonly onActionResult: (result: ActionResult) => void
}

export interface Live {
  readonly state: LiveState
  readonly follower: Follower
  close(): Promise<void>
}

export async function startLive(options: LiveOptions): Promise<Live> {
  const { dataDir, journal, broker, clock, log } = options
  const records = openRecordsReader({ dataDir })
  const store = openLiveStore(dataDir)
  const state = createLiveState({
    rawDays: options.rawDays,
    estatesAt: (revision) => records.estatesAt(revision),
    onEstates: options.onEstates,
    onFault: (error, { seq }) => log.error({ err: error, seq }, 'a message could not be read by a fault of ours'),
    onAlarm: (alarm) => {
      if (!state.catchingUp()) options.onAlarm(alarm) // old transitions are no news
    },
    onSystem: (message) => {
      if (message.type === 'action-result') options.onActionResult(message)
    },
  })
  let hasAlarms = false
  // What was written down by the engine is never older than its transitions in the journal, which are known by their number.
  const readAlarms = () => {
    const open = options.openAlarms()
    if (!open) return
    hasAlarms = true
    for (const alarm of open) if (state.alarms.apply(alarm)) options.onAlarm(alarm)
  }
  const follower = await startFollower({
    journal,
    broker,
    live: state,
    store,
    clock,
    log,
    startRevision: () => records.newestRevision(),
    estatesAt: (revision) => records.estatesAt(revision),
    latest: async (estate) =>
      options.latest(estate).catch((error: unknown) => {
        log.warn({ err: error, estate }, 'the telemetry store cannot say the latest values; the journal will')
        return undefined
      }),
    onCaughtUp: readAlarms,
  })
  const timer = setInterval(() => {
    if (!hasAlarms && !state.catchingUp()) readAlarms()
  }, SECOND_MS)
  return {
    state,
    follower,
    close: async () => {
      clearInterval(timer)
      await follower.close()
      store.close()
      records.close()
    },
  }
}
