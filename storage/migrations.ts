/** Brings a database file to this version's schema: copies it first, applies each step once, refuses a file from a later version. */
import { copyFileSync, existsSync } from 'node:fs'
import { AppError } from '../domain/errors.ts'
import { openDatabase, type Database } from './sqlite.ts'

/** Opens the file as its one writer; step `n` brings it from schema `n` to `n + 1`. A copy `<path>.v<n>` is left before a migration. @throws AppError `schema-unknown` */
export function openMigrated(path: string, steps: readonly string[], options: { readonly synchronous?: 'FULL' | 'NORMAL' } = {}): Database {
  const existed = existsSync(path)
  const database = openDatabase(path, options)
  const version = schemaVersion(database)
  if (version > steps.length) {
    database.close()
    throw new AppError('schema-unknown', `${path} has schema ${version}; this version of Estatewatch knows up to ${steps.length}.`)
  }
  if (existed && version > 0 && version < steps.length) {
    database.exec('pragma wal_checkpoint(truncate)')
    copyFileSync(path, `${path}.v${version}`)
  }
  for (const [i, step] of steps.entries())
    if (i >= version)
      database.transaction(() => {
        database.exec(step)
        database.exec(`pragma user_version = ${i + 1}`)
      })
  return database
}

/** Opens a file that another process writes. @returns undefined while it is not there yet or not yet at `schema`; a reader waits and says so. @throws AppError `schema-unknown` for a later one */
export function openForReading(path: string, schema: number): Database | undefined {
  if (!existsSync(path)) return undefined
  const database = openDatabase(path, { readonly: true })
  const version = schemaVersion(database)
  if (version === schema) return database
  database.close()
  if (version > schema) throw new AppError('schema-unknown', `${path} has schema ${version}; this version of Estatewatch knows ${schema}.`)
  return undefined
}

function schemaVersion(database: Database): number {
  return Number(database.prepare('pragma user_version').get()?.['user_version'] ?? 0)
}
