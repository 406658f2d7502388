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
  if (plan.source === 'raw') addRaw(context, raw, { from, to })
  else {
    // Minutes still marked are not made yet, or have newer data: their raw values count.
    const dirty = new Set(
      database
        .prepare('select minute from dirty where series = ? and minute >= ? and minute <= ?')
        .all(context.series, plan.start, to)
        .map(({ minute }) => Number(minute)),
    )
    addMinutes(
      context,
      parts.filter(({ measurement }) => measurement.name === `${kind}_1m`),
      { from: plan.start, to, except: dirty },
    )
    for (const minute of dirty)
      addRaw(context, raw, { from: Math.max(from, minute), to: Math.min(to, minute + MINUTE_MS - 1), asOne: true })
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

/** `asOne`: the stretch counts as one value in a mean, as a minute does. */
function addRaw(
  context: Context,
  parts: readonly Part[],
  stretch: { readonly from: EpochMs; readonly to: EpochMs; readonly asOne?: boolean },
): void {
  const { database, plan, buckets, series } = context
  for (const part of parts) {
    if (part.from > stretch.to || part.to <= stretch.from) continue
    const columns = columnsOf(database, part.table)
    const fields = context.fields.filter((field) => columns.has(field))
    if (fields.length === 0) continue
    const sums = fields.flatMap((field, i) => [
      `min("${field}") as min${i}`,
      `max("${field}") as max${i}`,
      `sum("${field}") as sum${i}`,
      `count("${field}") as count${i}`,
    ])
    const rows = database
      .prepare(
        `select cast((ts - ?) / ? as integer) as bucket, ${sums.join(', ')} from "${part.table}" where series = ? and ts >= ? and ts <= ? group by bucket`,
      )
      .all(plan.start, plan.widthMs, series, stretch.from, stretch.to)
    for (const row of rows)
      for (const [i, field] of fields.entries()) {
        const count = Number(row[`count${i}`])
        const sum = Number(row[`sum${i}`])
        if (count > 0)
          buckets.add(field, Number(row['bucket']), {
            min: Number(row[`min${i}`]),
            max: Number(row[`max${i}`]),
            ...(stretch.asOne ? { sum: sum / count, count: 1 } : { sum, count }),
          })
      }
  }
}

/** Each minute counts the same in a mean, however many readings it had. */
function addMinutes(
  { database, plan, buckets, fields, series }: Context,
  parts: readonly Part[],
  { from, to, except }: { readonly from: EpochMs; readonly to: EpochMs; readonly except: ReadonlySet<EpochMs> },
): void {
  for (const part of parts) {
    const columns = columnsOf(database, part.table)
    const there = fields.filter((field) => columns.has(`${field}_mean`))
    const names = there.flatMap((field) => [`"${field}_min"`, `"${field}_mean"`, `"${field}_max"`])
    const rows = database
      .prepare(`select ts, ${names.join(', ')} from "${part.table}" where series = ? and ts >= ? and ts <= ?`)
      .all(series, from, to)
    for (const row of rows) {
      const ts = Number(row['ts'])
      if (except.has(ts)) continue
      for (const field of there) {
        const mean = row[`${field}_mean`]
        if (mean === null || mean === undefined) continue
        const [min, max] = [Number(row[`${field}_min`]), Number(row[`${field}_max`])]
        buckets.add(field, Math.floor((ts - plan.start) / plan.widthMs), { min, max, sum: Number(mean), count: 1 })
      }
    }
  }
}
