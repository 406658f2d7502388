/** Makes one-minute rows from raw ones: each minute that was written to is made anew as a whole once it is over, late data included. */
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/clock.ts'
import type { Database, SqlValue, Statement } from '../../storage/sqlite.ts'
import { countableFields, MEASUREMENTS, STATISTICS, type Measurement } from './schema.ts'
import { columnsOf, ensurePart, listParts, partOf } from './sqlite-tables.ts'

/** Time for the readings of a minute to arrive, so that most minutes are made once. */
export const SETTLE_MS = 5 * SECOND_MS
const AT_ONCE = 500

/**
 * Works on a bounded number of minutes in one transaction: their rows and the fact that they are done are on disk together, so a kill repeats or loses nothing.
 * @returns how many minutes it has made; 0 when none is due
 */
export function downsampleSome(database: Database, now: EpochMs, atOnce = AT_ONCE): number {
  const due = database
    .prepare(
      'select d.minute, d.series, s.kind from dirty d join series s on s.id = d.series where d.minute <= ? order by d.minute limit ?',
    )
    .all(now - MINUTE_MS - SETTLE_MS, atOnce)
  if (due.length === 0) return 0
  const there = new Set(listParts(database).map(({ table }) => table))
  const done = database.prepare('delete from dirty where series = ? and minute = ?')
  const makers = new Map<string, ((series: number, minute: EpochMs) => void) | undefined>()
  database.transaction(() => {
    for (const { minute, series, kind } of due) {
      const raw = MEASUREMENTS.get(String(kind))
      const at = Number(minute)
      if (raw) {
        const from = partOf(raw, at).table
        if (!makers.has(from)) makers.set(from, there.has(from) ? makeMaker(database, { raw, from, at }) : undefined)
        makers.get(from)?.(Number(series), at)
      }
      done.run(series as SqlValue, minute as SqlValue)
    }
  })
  return due.length
}

function makeMaker(
  database: Database,
  { raw, from, at }: { readonly raw: Measurement; readonly from: string; readonly at: EpochMs },
): (series: number, minute: EpochMs) => void {
  const minutes = MEASUREMENTS.get(`${raw.kind}_1m`)!
  const into = partOf(minutes, at)
  ensurePart(database, into)
  const columns = columnsOf(database, from)
  const fields = countableFields(raw.kind).filter((field) => columns.has(field))
  const names = fields.flatMap((field) => STATISTICS.map((statistic) => `"${field}_${statistic}"`))
  const sources = fields.flatMap((field) => [`min("${field}")`, `avg("${field}")`, `max("${field}")`])
  const known = fields.map((field) => `"${field}" is not null`).join(' or ')
  const statement: Statement = database.prepare(
    `insert or replace into "${into.table}" (series, ts, ${names.join(', ')})
     select series, ?, ${sources.join(', ')} from "${from}" where series = ? and ts >= ? and ts < ? and (${known}) group by series`,
  )
  return (series, minute) => void statement.run(minute, series, minute, minute + MINUTE_MS)
}
