/** Opens `records.db` for its one writer and hands it to Kysely, so that another database can take the records later. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely'
import { openMigrated } from '../../../storage/migrations.ts'
import { RECORDS_FILE, RECORDS_STEPS } from '../../../storage/records-schema.ts'
import type { Database, SqlValue } from '../../../storage/sqlite.ts'

export interface RecordsTables {
  revision: { revision: number; at: number }
  estate_revision: { estate: string; revision: number; body: string | null }
  person: {
    username: string
    name: string
    role: string
    estates: string
    password_hash: string
    created_at: number
    password_set_at: number
  }
  session: { token_sha256: string; username: string; created_at: number; last_used_at: number; expires_at: number }
  credential: {
    username: string
    estate: string
    owner: string
    password_sha256: string
    publish: string
    subscribe: string
    created_at: number
    rotated_at: number | null
  }
  setting: { key: string; value: string }
}

export type RecordsDatabase = Kysely<RecordsTables>

/** `engine` says which SQLite runs. @throws AppError `schema-unknown` for a file of a later version. */
export function openRecords(dataDir: string): { readonly records: RecordsDatabase; readonly engine: string } {
  mkdirSync(dataDir, { recursive: true })
  const database = openMigrated(join(dataDir, RECORDS_FILE), RECORDS_STEPS)
  return { records: new Kysely<RecordsTables>({ dialect: new SqliteDialect({ database: forKysely(database) }) }), engine: database.engine }
}

// node:sqlite has no `reader` on its statements, which Kysely's dialect asks for: a statement that gives rows says so in its text.
function forKysely(database: Database): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = database.prepare(sql)
      return {
        reader: /^\s*(select|with|pragma)\b|\breturning\b/i.test(sql),
        all: (values) => statement.all(...(values as SqlValue[])),
        run: (values) => statement.run(...(values as SqlValue[])),
        iterate: (values) => statement.all(...(values as SqlValue[]))[Symbol.iterator](),
      }
    },
  }
}
