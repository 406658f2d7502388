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
  /** By the names of the fields that a point has. */
  readonly inserts: Map<string, Statement>
}
interface Row {
  readonly series: number
  readonly point: TelemetryPoint
}
/** A kind's devices mostly send the same few sets of fields. */
const MOST_STATEMENTS = 100

type NewestField = readonly [EpochMs, FieldValue]

/** What it remembers holds only while every transaction commits: after one that failed, make a new one. */
export function makeWriter(database: Database): Writer {
  const series = makeSeries(database)
  const parts = new Map<string, OpenPart>()
  const marked = new Map<number, Set<number>>() // minute → series already marked dirty
  const newest = new Map<number, Record<string, NewestField>>()
  // Many rows in one JSON text: half the time of a call for each (libsql 0.5, 2026-11).
  const markDirty = database.prepare('insert or ignore into dirty (series, minute) select value->>0, value->>1 from json_each(?)')
  const stored = new Map(
    database
      .prepare('select series, fields from latest')
      .all()
      .map(({ series: id, fields }) => [Number(id), String(fields)]),
  )
  const writeNewest = database.prepare(
    `insert into latest (series, ts, fields) select value->>0, value->>1, value->2 from json_each(?) where true
     on conflict (series) do update set ts = excluded.ts, fields = excluded.fields`,
  )

  const openPart = (measurement: Measurement, ts: EpochMs): OpenPart => {
    const part = partOf(measurement, ts)
    const known = parts.get(part.table)
    if (known) return known
    ensurePart(database, part)
    const opened = { ...part, inserts: new Map<string, Statement>() }
    parts.set(part.table, opened)
    return opened
  }
  const insert = (part: OpenPart, { series: id, point }: Row) => {
    const fields = Object.keys(point.values)
    const key = fields.join(' ')
    const statement = part.inserts.get(key) ?? prepareInsert(database, part, fields)
    if (part.inserts.size >= MOST_STATEMENTS) part.inserts.clear()
    part.inserts.set(key, statement)
    statement.run(...toValues(part, { series: id, point }))
  }
  const mark = (rows: readonly Row[]) => {
    const fresh: [number, EpochMs][] = []
    for (const { series: id, point } of rows) {
      const minute = Math.floor(point.ts / MINUTE_MS) * MINUTE_MS
      const known = marked.get(minute) ?? new Set<number>()
      if (known.has(id)) continue
      fresh.push([id, minute])
      marked.set(minute, known.add(id))
    }
    if (fresh.length > 0) markDirty.run(JSON.stringify(fresh))
  }
  const newestOf = (id: number) => {
    const known = newest.get(id)
    if (known) return known
    const text = stored.get(id)
    const fields = text === undefined ? {} : (JSON.parse(text) as Record<string, NewestField>)
    stored.delete(id)
    newest.set(id, fields)
    return fields
  }
  const renew = (rows: readonly Row[]) => {
    const changed = new Set<number>()
    for (const { series: id, point } of rows) {
      const fields = newestOf(id)
      for (const name of Object.keys(point.values)) {
        const known = fields[name]
        if (known && known[0] > point.ts) continue
        fields[name] = [point.ts, point.values[name]!]
        changed.add(id)
      }
    }
    const lines = [...changed].map((id) => {
      const fields = newestOf(id)
      return [id, Object.values(fields).reduce((ts, field) => Math.max(ts, field[0]), 0), fields]
    })
    if (lines.length > 0) writeNewest.run(JSON.stringify(lines))
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
        for (const row of rows) insert(part, row)
        if (part.measurement.kept !== 'raw') continue
        mark(rows)
        renew(rows)
      }
    },
    forgetMarks: () => {
      marked.clear()
      if (parts.size > 64) parts.clear()
    },
  }
}

/** All series are read at once: one by one costs a new process 40 µs each. */
function makeSeries(database: Database): (estate: string, kind: string, device: string) => number {
  const toKey = (estate: string, kind: string, device: string) => `${estate}/${kind}/${device}`
  const rows = database.prepare('select id, estate, kind, device from series').all()
  const known = new Map(rows.map(({ id, estate, kind, device }) => [toKey(String(estate), String(kind), String(device)), Number(id)]))
  const add = database.prepare('insert into series (estate, kind, device) values (?, ?, ?)')
  return (estate, kind, device) => {
    const key = toKey(estate, kind, device)
    const id = known.get(key) ?? add.run(estate, kind, device).lastInsertRowid
    known.set(key, id)
    return id
  }
}

/** A second reading of the same instant adds its fields to the first, as in InfluxDB. */
function prepareInsert(database: Database, { table, measurement }: Part, fields: readonly string[]): Statement {
  const keys = isEvent(measurement) ? ['series', 'ts', 'micros'] : ['series', 'ts']
  const names = [...keys, ...fields.map((field) => `"${field}"`)]
  return database.prepare(
    `insert into "${table}" (${names.join(', ')}) values (${names.map(() => '?').join(', ')})
     on conflict (${keys.join(', ')}) do update set ${fields.map((field) => `"${field}" = excluded."${field}"`).join(', ')}`,
  )
}

function toValues({ measurement }: OpenPart, { series, point }: Row): SqlValue[] {
  const values: SqlValue[] = isEvent(measurement) ? [series, point.ts, microsWithin(point)] : [series, point.ts]
  for (const value of Object.values(point.values)) values.push(typeof value === 'boolean' ? Number(value) : value)
  return values
}
