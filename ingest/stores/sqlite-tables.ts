/** How `telemetry.db` is laid out: a table for each measurement and stretch of time, so that what is past its retention goes as a whole. */
import { HOUR_MS, type EpochMs } from '../../domain/clock.ts'
import type { Database } from '../../storage/sqlite.ts'
import { MEASUREMENTS, type FieldType, type Measurement } from './schema.ts'

export const TELEMETRY_FILE = 'telemetry.db'

export const STEPS: readonly string[] = [
  `create table series (id integer primary key, estate text not null, kind text not null, device text not null, unique (estate, kind, device));
   create table latest (series integer primary key, ts integer not null, fields text not null);
   create table dirty (series integer not null, minute integer not null, primary key (series, minute)) without rowid;
   create index dirty_minute on dirty (minute);
   create table meta (key text primary key, value integer not null) without rowid;`,
]

/** Raw data goes hour by hour, the rest in stretches of ten days. */
const SPAN_MS = { raw: HOUR_MS, minutes: 240 * HOUR_MS } as const

export interface Part {
  readonly table: string
  readonly measurement: Measurement
  readonly from: EpochMs
  readonly to: EpochMs
}

/** The table that holds an instant: `fence_zone__493210`, numbered by the hours since 1970 at which it begins. */
export function partOf(measurement: Measurement, ts: EpochMs): Part {
  const span = SPAN_MS[measurement.kept]
  const from = Math.floor(ts / span) * span
  return { table: `${base(measurement.name)}__${from / HOUR_MS}`, measurement, from, to: from + span }
}

/** All parts that are there, oldest first. */
export function listParts(database: Database): readonly Part[] {
  return database
    .prepare(`select name from sqlite_master where type = 'table' and name like '%\\_\\_%' escape '\\'`)
    .all()
    .flatMap(({ name }) => toPart(String(name)))
    .sort((a, b) => a.from - b.from)
}

/** Makes the table if it is missing, and adds the columns of fields that came with a later version. */
export function ensurePart(database: Database, { table, measurement }: Part): void {
  const columns = Object.entries(measurement.fields).map(([field, type]) => `"${field}" ${COLUMN_TYPES[type]}`)
  const event = isEvent(measurement)
  database.exec(
    `create table if not exists "${table}" (series integer not null, ts integer not null, ${event ? 'micros integer not null, ' : ''}${columns.join(', ')},
     primary key (series, ts${event ? ', micros' : ''})) without rowid`,
  )
  const there = columnsOf(database, table)
  for (const [i, field] of Object.keys(measurement.fields).entries())
    if (!there.has(field)) database.exec(`alter table "${table}" add column ${columns[i]!}`)
}

export function columnsOf(database: Database, table: string): ReadonlySet<string> {
  return new Set(
    database
      .prepare(`select name from pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => String(name)),
  )
}

export function isEvent(measurement: Measurement): boolean {
  return measurement.name.endsWith('_event')
}

const COLUMN_TYPES: Readonly<Record<FieldType, string>> = { float: 'real', boolean: 'integer', string: 'text' }
const byBase = new Map([...MEASUREMENTS.values()].map((measurement) => [base(measurement.name), measurement]))

function toPart(table: string): Part[] {
  const [, name, hours] = /^(.+)__(-?\d+)$/.exec(table) ?? []
  const measurement = byBase.get(name ?? '')
  return measurement ? [partOf(measurement, Number(hours) * HOUR_MS)] : []
}

function base(measurement: string): string {
  return measurement.replaceAll('-', '_')
}
