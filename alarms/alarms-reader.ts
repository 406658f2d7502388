/** Reads alarms and what happened to them from `alarms.db`, which the alarm engine alone writes; for the dashboard server. */
import { join } from 'node:path'
import type { Alarm } from '../domain/alarm.ts'
import type { EpochMs } from '../domain/clock.ts'
import { openForReading } from '../storage/migrations.ts'
import type { SqlRow, SqlValue } from '../storage/sqlite.ts'
import { ALARMS_FILE, ALARMS_STEPS } from './alarms-schema.ts'
import type { AlarmRecord, TimelineEntry } from './step.ts'

export interface AlarmQuery {
  /** Ids of estates, or all; `system` among them for the alarms of the system itself. */
  readonly estates: readonly string[] | '*'
  readonly kind?: string
  readonly device?: string
  /** Only those on the desk: unacknowledged, acknowledged, returned or latched. */
  readonly standing?: boolean
  /** Raised at or after. */
  readonly from?: EpochMs
  /** Raised before. */
  readonly to?: EpochMs
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string
}

export interface AlarmPage {
  /** Newest first. */
  readonly alarms: readonly Alarm[]
  readonly next: string | null
}

export interface AlarmsReader {
  list(query: AlarmQuery): AlarmPage
  get(id: string): Alarm | undefined
  timeline(id: string): readonly TimelineEntry[]
  /** All that are not closed, oldest first. */
  notClosed(estate?: string): readonly Alarm[]
  /** Journal number up to which the engine's work is in the file. */
  cursor(): number
  close(): void
}

/** @returns undefined while the file is not there: the caller waits and says so. @throws AppError `schema-unknown` */
export function openAlarmsReader(options: { readonly dataDir: string }): AlarmsReader | undefined {
  const database = openForReading(join(options.dataDir, ALARMS_FILE), ALARMS_STEPS.length)
  if (!database) return undefined
  const one = database.prepare('select body from alarm where id = ?')
  const times = database.prepare('select at, what, who, detail from timeline where alarm = ? order by n')
  const open = database.prepare(`select body from alarm where state <> 'closed' order by raised_at, id`)
  const openIn = database.prepare(`select body from alarm where state <> 'closed' and estate = ? order by raised_at, id`)
  const cursor = database.prepare(`select body from engine where name = 'cursor'`)
  return {
    list: (query) => {
      const { sql, values } = toSql(query)
      const alarms = database
        .prepare(sql)
        .all(...values)
        .map(toAlarm)
      const page = alarms.slice(0, query.limit)
      const last = page.at(-1)
      return { alarms: page, next: alarms.length > page.length && last ? `${last.raisedAt}.${last.id}` : null }
    },
    get: (id) => {
      const row = one.get(id)
      return row && toAlarm(row)
    },
    timeline: (id) =>
      times.all(id).map((row) => ({
        at: Number(row['at']),
        what: String(row['what']),
        ...(row['who'] !== null && { who: String(row['who']) }),
        ...(row['detail'] !== null && { detail: String(row['detail']) }),
      })),
    notClosed: (estate) => (estate === undefined ? open.all() : openIn.all(estate)).map(toAlarm),
    cursor: () => Number(cursor.get()?.['body'] ?? 0),
    close: () => database.close(),
  }
}

function toSql(query: AlarmQuery): { readonly sql: string; readonly values: SqlValue[] } {
  const where: string[] = []
  const values: SqlValue[] = []
  const add = (condition: string, ...more: SqlValue[]) => {
    where.push(condition)
    values.push(...more)
  }
  if (query.estates !== '*') add(`estate in (${query.estates.map(() => '?').join(', ')})`, ...query.estates)
  if (query.standing) add(`state in ('unacknowledged', 'acknowledged', 'returned', 'latched')`)
  if (query.kind !== undefined) add(`body ->> '$.alarm.kind' = ?`, query.kind)
  if (query.device !== undefined) add(`body ->> '$.alarm.device' = ?`, query.device)
  if (query.from !== undefined) add('raised_at >= ?', query.from)
  if (query.to !== undefined) add('raised_at < ?', query.to)
  const [, raisedAt, id] = /^(\d{1,16})\.([a-z0-9-]{1,64})$/.exec(query.cursor ?? '') ?? []
  if (raisedAt !== undefined && id !== undefined) add('(raised_at, id) < (?, ?)', Number(raisedAt), id)
  values.push(query.limit + 1)
  const filter = where.length > 0 ? `where ${where.join(' and ')}` : ''
  return { sql: `select body from alarm ${filter} order by raised_at desc, id desc limit ?`, values }
}

function toAlarm(row: SqlRow): Alarm {
  return (JSON.parse(String(row['body'])) as AlarmRecord).alarm
}
