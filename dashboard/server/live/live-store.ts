/** Writes the live state and the cursor to `live.db` once a second, so that a restart goes on where it was. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EpochMs } from '../../../domain/clock.ts'
import { openMigrated } from '../../../storage/migrations.ts'
import type { SavedClient } from './clients.ts'
import type { DeviceRecord } from './device-record.ts'
import type { LiveState } from './live-state.ts'
import { SILENT_START, type SilenceClock } from './silence-clock.ts'

const STEPS = [
  `
  create table device (key text primary key, body text not null) strict, without rowid; -- JSON: DeviceRecord
  create table client (username text primary key, body text not null) strict, without rowid; -- JSON: SavedClient
  create table progress (id integer primary key check (id = 1), cursor integer not null, body text not null) strict; -- JSON: Progress
  `,
]
/** Rows written without letting other work run. */
const SLICE = 500

interface Progress {
  readonly revision: number
  readonly clock: SilenceClock
  readonly engineAt: EpochMs | null
}

export interface SavedLive extends Progress {
  /** undefined on a first start. */
  readonly cursor: number | undefined
  readonly records: ReadonlyMap<string, DeviceRecord>
  readonly clients: ReadonlyMap<string, SavedClient>
}

export interface LiveStore {
  read(): SavedLive
  /** Rows first, the cursor last: entries read twice change nothing. */
  write(live: LiveState, cursor: number): Promise<void>
  close(): void
}

export function openLiveStore(dataDir: string): LiveStore {
  mkdirSync(dataDir, { recursive: true })
  // Everything in it can be had from the journal again: a lost last second is read once more.
  const database = openMigrated(join(dataDir, 'live.db'), STEPS, { synchronous: 'NORMAL' })
  const putDevice = database.prepare('insert into device values (?, ?) on conflict do update set body = excluded.body')
  const dropDevice = database.prepare('delete from device where key = ?')
  const putClient = database.prepare('insert into client values (?, ?) on conflict do update set body = excluded.body')
  const putProgress = database.prepare(
    'insert into progress values (1, ?, ?) on conflict do update set cursor = excluded.cursor, body = excluded.body',
  )
  return {
    read: () => {
      const progress = database.prepare('select cursor, body from progress').get()
      const rows = <T>(table: 'device' | 'client', key: string) =>
        new Map(
          database
            .prepare(`select * from ${table}`)
            .all()
            .map((row) => [String(row[key]), JSON.parse(String(row['body'])) as T]),
        )
      return {
        ...(progress ? (JSON.parse(String(progress['body'])) as Progress) : { revision: 0, clock: SILENT_START, engineAt: null }),
        cursor: progress ? Number(progress['cursor']) : undefined,
        records: rows<DeviceRecord>('device', 'key'),
        clients: rows<SavedClient>('client', 'username'),
      }
    },
    write: async (live, cursor) => {
      const progress: Progress = { revision: live.set().revision, clock: live.clock(), engineAt: live.engineAt() }
      const { records, vanished } = live.takeUnsaved()
      const rows = [
        ...vanished.map((key) => () => dropDevice.run(key)),
        ...records.map(
          ({ key, record }) =>
            () =>
              putDevice.run(key, JSON.stringify(record)),
        ),
        ...live.clients.takeUnsaved().map(
          ({ username, ...client }) =>
            () =>
              putClient.run(username, JSON.stringify(client)),
        ),
      ]
      for (let i = 0; i < rows.length; i += SLICE) {
        database.transaction(() => {
          for (const put of rows.slice(i, i + SLICE)) put()
        })
        await nextTurn()
      }
      putProgress.run(cursor, JSON.stringify(progress))
    },
    close: () => database.close(),
  }
}
