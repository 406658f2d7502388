/** The one SQLite adapter: `node:sqlite` from Node 22.13 on, libsql on Node 20, behind the same few synchronous calls. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'

export type SqlValue = null | number | bigint | string | Uint8Array
export type SqlRow = Record<string, SqlValue>

export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number }
  get(...values: readonly SqlValue[]): SqlRow | undefined
  all(...values: readonly SqlValue[]): SqlRow[]
}

export interface Database {
  readonly path: string
  /** Which engine runs, with its version, e.g. `libsql, SQLite 3.45.1`. */
  readonly engine: string
  exec(sql: string): void
  prepare(sql: string): Statement
  /** Runs in one transaction; a throw rolls back and is passed on. */
  transaction<T>(work: () => T): T
  close(): void
}

interface RawStatement {
  run(...values: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  get(...values: unknown[]): SqlRow | undefined
  all(...values: unknown[]): SqlRow[]
}
interface RawDatabase {
  exec(sql: string): unknown
  prepare(sql: string): RawStatement
  close(): unknown
}

const require = createRequire(import.meta.url)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const hasBuiltIn = major > 22 || (major === 22 && minor >= 13)

function openRaw(path: string, readonly: boolean): RawDatabase {
  if (hasBuiltIn) {
    const { DatabaseSync } = require('node:sqlite') as { DatabaseSync: new (path: string, options: { readOnly: boolean }) => RawDatabase }
    return new DatabaseSync(path, { readOnly: readonly })
  }
  // libsql 0.5.29 has no read-only mode (it ignores the option): the file must be there, and the connection is told to refuse writes
  if (readonly && !existsSync(path)) throw new Error(`there is no database file ${path}`)
  const Libsql = require('libsql') as new (path: string) => RawDatabase
  const database = new Libsql(path)
  if (readonly) database.exec('pragma query_only = on')
  return database
}

/** Opens a database file. A writer gets WAL and `synchronous=FULL` unless told otherwise: one writer for each file, all others `readonly`. */
export function openDatabase(
  path: string,
  options: { readonly readonly?: boolean; readonly synchronous?: 'FULL' | 'NORMAL' } = {},
): Database {
  const raw = openRaw(path, options.readonly ?? false)
  try {
    raw.exec('pragma busy_timeout = 5000')
    if (!options.readonly) {
      raw.exec('pragma journal_mode = wal')
      raw.exec(`pragma synchronous = ${options.synchronous ?? 'FULL'}`)
      raw.exec('pragma foreign_keys = on')
    }
  } catch (error) {
    raw.close() // a full disk, say: whoever tries again must not leave one more handle each time
    throw error
  }
  const version = String(raw.prepare('select sqlite_version() as v').get()?.['v'])
  let depth = 0
  return {
    path,
    engine: `${hasBuiltIn ? 'node:sqlite' : 'libsql'}, SQLite ${version}`,
    exec: (sql) => void raw.exec(sql),
    prepare: (sql) => toStatement(raw.prepare(sql)),
    transaction: (work) => {
      if (depth > 0) return work()
      raw.exec('begin immediate')
      depth++
      try {
        const result = work()
        raw.exec('commit')
        return result
      } catch (error) {
        rollBack(raw)
        throw error
      } finally {
        depth--
      }
    },
    close: () => void raw.close(),
  }
}

function toStatement(raw: RawStatement): Statement {
  return {
    run: (...values) => {
      const { changes, lastInsertRowid } = raw.run(...values)
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) }
    },
    get: (...values) => {
      const row = raw.get(...values)
      if (row !== undefined) delete row['_metadata'] // libsql adds its timing to each single row
      return row
    },
    all: (...values) => withBytes(raw.all(...values)),
  }
}

/** libsql gives the blobs of `all` as ArrayBuffer, those of `get` as Buffer. A column is looked at in every row only if the first row leaves it open. */
function withBytes(rows: SqlRow[]): SqlRow[] {
  const first = rows[0]
  if (!first || hasBuiltIn) return rows
  const columns = Object.keys(first).filter((name) => first[name] === null || typeof first[name] === 'object')
  if (columns.length === 0) return rows
  for (const row of rows)
    for (const column of columns) {
      const value: unknown = row[column]
      if (value instanceof ArrayBuffer) row[column] = new Uint8Array(value)
    }
  return rows
}

// SQLite has already rolled back by itself after SQLITE_FULL and the like; "no transaction is active" is then not a fault.
function rollBack(raw: RawDatabase): void {
  try {
    raw.exec('rollback')
  } catch (error) {
    if (!/no transaction is active/.test(String(error))) throw error
  }
}
