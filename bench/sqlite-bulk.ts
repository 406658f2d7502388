/** The raw bulk rate of SQLite: prepared inserts of the same fields into one clustered table, a transaction for each batch, and nothing else. */
import { join } from 'node:path'
import type { TelemetryPoint } from '../domain/telemetry.ts'
import { openDatabase } from '../storage/sqlite.ts'
import { makeTempDir } from '../test/support/temp-dir.ts'
import { liftValues } from './lift-reading.ts'

const FIELDS = Object.keys(liftValues(0))

/** @returns points a second */
export function rawSqliteRate(batches: readonly (readonly TelemetryPoint[])[]): number {
  const dir = makeTempDir()
  const database = openDatabase(join(dir.path, 'raw.db')) // WAL, synchronous=FULL
  database.exec(
    `create table point (series integer not null, ts integer not null, ${FIELDS.join(', ')}, primary key (series, ts)) without rowid`,
  )
  const insert = database.prepare(`insert or replace into point values (?, ?, ${FIELDS.map(() => '?').join(', ')})`)
  const rows = batches.map((batch) =>
    batch.map(({ device, ts, values }) => [
      Number(device.slice(5)),
      ts,
      ...FIELDS.map((field) => (typeof values[field] === 'boolean' ? Number(values[field]) : values[field]!)),
    ]),
  )
  const from = performance.now()
  for (const batch of rows)
    database.transaction(() => {
      for (const row of batch) insert.run(...row)
    })
  const seconds = (performance.now() - from) / 1000
  database.close()
  dir.remove()
  return rows.reduce((sum, batch) => sum + batch.length, 0) / seconds
}
