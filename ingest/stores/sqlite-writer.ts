/** Writes points into their tables, keeps the newest value of each field and marks the minutes to be made anew, all inside the caller's transaction. */
import { MINUTE_MS, type EpochMs } from '../../domain/clock.ts'
import type { FieldValue } from '../../domain/device-kind.ts'
import type { TelemetryPoint } from '../../domain/telemetry.ts'
import type { Database, SqlValue, Statement } from '../../storage/sqlite.ts'
import { MEASUREMENTS, microsWithin, type Measurement } from './schema.ts'
import { ensurePart, isEvent, partOf, type Part } from './sqlite-tables.ts'

export interface Writer {
  write(points: readonly TelemetryPoint[]): void
  /** Minutes were made: those written to from now on are to be marked again. Lets go of old statements too. */
  forgetMarks(): void
}

interface OpenPart extends Part {
  readonly fields: readonly string[]
  readonly insert: Statement
}
interface Row {
  readonly series: number
  readonly point: TelemetryPoint
}
type NewestField = readonly [EpochMs, FieldValue]

/** What it remembers holds only while every transaction commits: after one that failed, make a new one. */
export function makeWriter(database: Database): Writer {
  const series = makeSeries(database)
  const parts = new Map<string, OpenPart>()
  const marked = new Map<number, Set<number>>() // minute → series already marked dirty
  const newest = new Map<number, Map<string, NewestField>>()
  const markDirty = database.prepare('insert or ignore into dirty (series, minute) values (?, ?)')
  const readNewest = database.prepare('select fields from latest where series = ?')
  const writeNewest = database.prepare(
    'insert into latest (series, ts, fields) values (?, ?, ?) on conflict (series) do update set ts = excluded.ts, fields = excluded.fields',
  )

  const openPart = (measurement: Measurement, ts: EpochMs): OpenPart => {
    const part = partOf(measurement, ts)
    const known = parts.get(part.table)
    if (known) return known
    ensurePart(database, part)
    const opened = { ...part, fields: Object.keys(measurement.fields), insert: prepareInsert(database, part) }
    parts.set(part.table, opened)
    return opened
  }
  const mark = (id: number, ts: EpochMs) => {
    const minute = Math.floor(ts / MINUTE_MS) * MINUTE_MS
    const known = marked.get(minute) ?? new Set<number>()
    if (known.has(id)) return
    markDirty.run(id, minute)
    marked.set(minute, known.add(id))
  }
  const newestOf = (id: number) => {
    const known = newest.get(id)
    if (known) return known
    const stored = readNewest.get(id)?.['fields']
    const fields = new Map(Object.entries(stored === undefined ? {} : (JSON.parse(String(stored)) as Record<string, NewestField>)))
    newest.set(id, fields)
    return fields
  }
  const renew = (rows: readonly Row[]) => {
    const changed = new Set<number>()
    for (const { series: id, point } of rows) {
      const fields = newestOf(id)
      for (const [name, value] of Object.entries(point.values)) {
        const known = fields.get(name)
        if (known && known[0] > point.ts) continue
        fields.set(name, [point.ts, value])
        changed.add(id)
      }
    }
    for (const id of changed) {
      const fields = newestOf(id)
      writeNewest.run(id, Math.max(...[...fields.values()].map(([ts]) => ts)), JSON.stringify(Object.fromEntries(fields)))
    }
  }

  return {
    write: (points) => {
      const groups = new Map<OpenPart, Row[]>()
      for (const point of points) {
        const part = openPart(MEASUREMENTS.get(point.measurement)!, point.ts)
        const rows = groups.get(part) ?? []
        if (rows.length === 0) groups.set(part, rows)
        rows.push({ series: series(point.estate, part.measurement.kind, point.device), point })
      }
      for (const [part, rows] of groups) {
        rows.sort((a, b) => a.series - b.series || a.point.ts - b.point.ts) // neighbours in the table, so fewer pages are touched
        for (const row of rows) part.insert.run(...toValues(part, row))
        if (part.measurement.kept !== 'raw') continue
        for (const { series: id, point } of rows) mark(id, point.ts)
        renew(rows)
      }
    },
    forgetMarks: () => {
      marked.clear()
      if (parts.size > 64) parts.clear()
    },
  }
}

function makeSeries(database: Database): (estate: string, kind: string, device: string) => number {
  const known = new Map<string, number>()
  const find = database.prepare('select id from series where estate = ? and kind = ? and device = ?')
  const add = database.prepare('insert into series (estate, kind, device) values (?, ?, ?)')
  return (estate, kind, device) => {
    const key = `${estate}/${kind}/${device}`
    const cached = known.get(key)
    if (cached !== undefined) return cached
    const found = find.get(estate, kind, device)
    const id = found ? Number(found['id']) : add.run(estate, kind, device).lastInsertRowid
    known.set(key, id)
    return id
  }
}

/** A second reading of the same instant adds its fields to the first, as in InfluxDB. */
function prepareInsert(database: Database, { table, measurement }: Part): Statement {
  const fields = Object.keys(measurement.fields)
  const keys = isEvent(measurement) ? ['series', 'ts', 'micros'] : ['series', 'ts']
  const names = [...keys, ...fields.map((field) => `"${field}"`)]
  return database.prepare(
    `insert into "${table}" (${names.join(', ')}) values (${names.map(() => '?').join(', ')})
     on conflict (${keys.join(', ')}) do update set ${fields.map((field) => `"${field}" = coalesce(excluded."${field}", "${field}")`).join(', ')}`,
  )
}

function toValues({ measurement, fields }: OpenPart, { series, point }: Row): SqlValue[] {
  const values: SqlValue[] = isEvent(measurement) ? [series, point.ts, microsWithin(point)] : [series, point.ts]
  for (const field of fields) {
    const value = point.values[field]
    values.push(value === undefined ? null : typeof value === 'boolean' ? Number(value) : value)
  }
  return values
}
