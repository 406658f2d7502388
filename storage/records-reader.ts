/** Reads the estates in force at a revision from `records.db`, which the dashboard server alone writes; every role evaluates an entry with the revision before it. */
import { join } from 'node:path'
import type { Estate, EstateSet } from '../domain/estate.ts'
import { openForReading } from './migrations.ts'
import { RECORDS_FILE, RECORDS_STEPS } from './records-schema.ts'
import type { Database, Statement } from './sqlite.ts'

export interface RecordsReader {
  /** @returns undefined while the file is not there or holds no revision yet: the caller waits and says so. @throws AppError `schema-unknown` */
  newestRevision(): number | undefined
  /** The estates in force at this revision. The sets of the last revisions asked for are kept, so this is cheap for each entry. Empty while the file is not there. */
  estatesAt(revision: number): EstateSet
  close(): void
}

interface Opened {
  readonly database: Database
  readonly newest: Statement
  readonly at: Statement
}

const KEPT_SETS = 4

export function openRecordsReader(options: { readonly dataDir: string }): RecordsReader {
  const path = join(options.dataDir, RECORDS_FILE)
  let opened: Opened | undefined
  const sets = new Map<number, EstateSet>()
  const parsed = new Map<string, Estate>() // by estate and the revision that brought it: unchanged estates are parsed once

  const open = (): Opened | undefined => {
    if (opened) return opened
    const database = openForReading(path, RECORDS_STEPS.length)
    if (!database) return undefined
    opened = {
      database,
      newest: database.prepare('select max(revision) as revision from revision'),
      at: database.prepare(`
        select estate, revision, body from estate_revision as this
        where revision = (select max(revision) from estate_revision where estate = this.estate and revision <= ?) and body is not null
        order by estate`),
    }
    return opened
  }

  const load = (revision: number): EstateSet | undefined => {
    const rows = open()?.at.all(revision)
    if (!rows) return undefined
    const estates = new Map<string, Estate>()
    for (const row of rows) {
      const key = `${String(row['estate'])}@${String(row['revision'])}`
      const estate = parsed.get(key) ?? (JSON.parse(String(row['body'])) as Estate)
      parsed.set(key, estate)
      estates.set(estate.id, estate)
    }
    return { revision, estates }
  }

  return {
    newestRevision: () => {
      const revision = open()?.newest.get()?.['revision']
      return typeof revision === 'number' ? revision : undefined
    },
    estatesAt: (revision) => {
      const kept = sets.get(revision)
      if (kept) return kept
      const set = load(revision)
      if (!set) return { revision, estates: new Map() }
      sets.set(revision, set)
      if (sets.size > KEPT_SETS) sets.delete(Math.min(...sets.keys()))
      for (const [key, estate] of parsed)
        if (![...sets.values()].some(({ estates }) => estates.get(estate.id) === estate)) parsed.delete(key)
      return set
    },
    close: () => {
      opened?.database.close()
      opened = undefined
    },
  }
}
