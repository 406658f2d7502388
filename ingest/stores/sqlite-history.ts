/** Answers history and latest values from `telemetry.db`: for the store itself, and read-only for the dashboard. */
import { join } from 'node:path'
import { MINUTE_MS, type EpochMs } from '../../domain/clock.ts'
import type { FieldValue } from '../../domain/device-kind.ts'
import type { History, HistoryQuery, LatestRow, TelemetryStore } from '../../domain/telemetry.ts'
import { openForReading } from '../../storage/migrations.ts'
import type { Database } from '../../storage/sqlite.ts'
import { makeBuckets, planHistory, type Buckets, type HistoryPlan } from './history-plan.ts'
import { countableFields } from './schema.ts'
import { columnsOf, listParts, STEPS, TELEMETRY_FILE, type Part } from './sqlite-tables.ts'

export type TelemetryHistory = Pick<TelemetryStore, 'name' | 'history' | 'latest' | 'close'>

/** For other processes; before ingest has made the file there is no history. @throws AppError `schema-unknown` */
export function openSqliteHistory(options: { readonly dataDir: string }): TelemetryHistory {
  let database: Database | undefined
  const open = () => (database ??= openForReading(join(options.dataDir, TELEMETRY_FILE), STEPS.length))
  return {
    name: 'sqlite',
    history: async (query) => {
      const opened = open()
      return opened ? inOneView(opened, () => readHistory(opened, query)) : Object.fromEntries(query.fields.map((field) => [field, []]))
    },
    latest: async (estate) => {
      const opened = open()
      return opened ? readLatest(opened, estate) : []
    },
    close: async () => database?.close(),
  }
}

/** A minute that ingest finishes, or an hour it drops, between two statements must not tear an answer. */
function inOneView<T>(database: Database, read: () => T): T {
  database.exec('begin')
  try {
    return read()
  } finally {
    database.exec('commit')
  }
}

export function readLatest(database: Database, estate: string): readonly LatestRow[] {
  return database
    .prepare('select s.kind, s.device, l.ts, l.fields from series s join latest l on l.series = s.id where s.estate = ?')
    .all(estate)
    .map(({ kind, device, ts, fields }) => {
      const newest = Object.entries(JSON.parse(String(fields)) as Record<string, readonly [EpochMs, FieldValue]>)
      return {
        kind: String(kind),
        device: String(device),
        ts: Number(ts),
        values: Object.fromEntries(newest.map(([name, [, value]]) => [name, value])),
      }
    })
}

export function readHistory(database: Database, query: HistoryQuery): History {
  const { estate, kind, device, from, to } = query
  const known = countableFields(kind)
  const fields = query.fields.filter((field) => known.includes(field))
  const parts = listParts(database).filter((part) => part.measurement.kind === kind && part.from <= to && part.to > from - MINUTE_MS)
  const rawFloor = database.prepare(`select value from meta where key = 'raw_floor'`).get()?.['value']
  const plan = planHistory(query, rawFloor === undefined ? -Infinity : Number(rawFloor))
  const buckets = makeBuckets(plan, query)
  const series = database.prepare('select id from series where estate = ? and kind = ? and device = ?').get(estate, kind, device)?.['id']
  if (series === undefined || fields.length === 0) return buckets.toHistory()
  const context: Context = { database, plan, buckets, fields, series: Number(series) }
  const raw = parts.filter(({ measurement }) => measurement.name === kind)
  if (plan.source === 'raw') addSums(context, raw, { from, to, columns: RAW })
  else {
    // Minutes still marked are not made yet, or have newer data: their raw values count instead.
    const dirty = database
      .prepare('select minute from dirty where series = ? and minute >= ? and minute <= ?')
      .all(context.series, plan.start, to)
      .map(({ minute }) => Number(minute))
    const made = parts.filter(({ measurement }) => measurement.name === `${kind}_1m`)
    addSums(context, made, { from: plan.start, to, columns: MINUTE, madeOnly: true })
    for (const minute of dirty)
      addSums(context, raw, { from: Math.max(from, minute), to: Math.min(to, minute + MINUTE_MS - 1), columns: RAW, asOne: true })
  }
  return buckets.toHistory()
}

interface Context {
  readonly database: Database
  readonly plan: HistoryPlan
  readonly buckets: Buckets
  readonly fields: readonly string[]
  readonly series: number
}

/** Where the minimum, maximum and mean of a field stand. */
type Columns = (field: string) => readonly [min: string, max: string, mean: string]
const RAW: Columns = (field) => [field, field, field]
/** Each minute counts the same in a mean, however many readings it had. */
const MINUTE: Columns = (field) => [`${field}_min`, `${field}_max`, `${field}_mean`]

interface Stretch {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly columns: Columns
  /** The stretch counts as one value in a mean, as a minute does. */
  readonly asOne?: boolean
  /** Leaves minutes out that are marked to be made again. */
  readonly madeOnly?: boolean
}

function addSums({ database, plan, buckets, fields, series }: Context, parts: readonly Part[], stretch: Stretch): void {
  for (const part of parts) {
    if (part.from > stretch.to || part.to <= stretch.from) continue
    const there = columnsOf(database, part.table)
    const known = fields.filter((field) => stretch.columns(field).every((column) => there.has(column)))
    if (known.length === 0) continue
    const sums = known.flatMap((field, i) => {
      const [min, max, mean] = stretch.columns(field)
      return [`min("${min}") as min${i}`, `max("${max}") as max${i}`, `sum("${mean}") as sum${i}`, `count("${mean}") as count${i}`]
    })
    const rows = database
      .prepare(
        `select cast((ts - ?) / ? as integer) as bucket, ${sums.join(', ')} from "${part.table}" where series = ? and ts >= ? and ts <= ?
         ${stretch.madeOnly ? 'and not exists (select 1 from dirty d where d.series = ? and d.minute = ts)' : ''} group by bucket`,
      )
      .all(plan.start, plan.widthMs, series, stretch.from, stretch.to, ...(stretch.madeOnly ? [series] : []))
    for (const row of rows)
      for (const [i, field] of known.entries()) {
        const [min, max, sum, count] = ['min', 'max', 'sum', 'count'].map((name) => Number(row[`${name}${i}`])) as [
          number,
          number,
          number,
          number,
        ]
        if (count > 0)
          buckets.add(field, Number(row['bucket']), { min, max, ...(stretch.asOne ? { sum: sum / count, count: 1 } : { sum, count }) })
      }
  }
}
