/** Everything a route may use, made by `role.ts` and handed to each. */
import type { Clock } from '../../domain/clock.ts'
import type { BrokerLink, JournalReader } from '../../domain/journal.ts'
import type { LineHealth } from '../../domain/live.ts'
import type { History, HistoryQuery } from '../../domain/telemetry.ts'
import type { DeadLettersReader } from '../../ingest/dead-letters.ts'
import type { Config } from '../../config.ts'
import type { Log } from '../../log.ts'
import type { ActionDesk } from './actions.ts'
import type { AlarmBook } from './alarm-book.ts'
import type { BrokerSync } from './broker-sync.ts'

import type { EstatesService } from './estates-service.ts'
import type { Follower } from './live/follower.ts'
import type { LiveState } from './live/live-state.ts'
import type { Readiness } from './readiness.ts'
import type { RecordsDatabase } from './records/database.ts'
import type { SessionService } from './session-service.ts'

export interface ServerContext {
  readonly config: Config
  readonly log: Log
  readonly clock: Clock
  readonly records: RecordsDatabase
  readonly sessions: SessionService
  readonly estates: EstatesService
  readonly sync: BrokerSync
  readonly broker: BrokerLink
  readonly journal: JournalReader
  readonly live: LiveState
  readonly follower: Pick<Follower, 'lag' | 'cursor'>
  readonly alarms: AlarmBook
  readonly actions: ActionDesk
  readonly deadLetters: DeadLettersReader
  /** @throws AppError `store-down` */
  readonly history: (query: HistoryQuery) => Promise<History>
  readonly health: () => LineHealth
  readonly readiness: () => Readiness
  /** Live sockets open now. */
  readonly sockets: () => number
  readonly version: string
  /** Which SQLite runs, e.g. `libsql, SQLite 3.45.1`. */
  readonly engine: string
}
