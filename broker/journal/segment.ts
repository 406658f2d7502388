/** One segment of the journal: an SQLite file in WAL mode with a row a message, so that anyone can look into it with `sqlite3`. */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { JournalEntry, NewJournalEntry } from '../../domain/journal.ts'
import { openDatabase, type SqlRow, type SqlValue } from '../../storage/sqlite.ts'
import { syncFolder, type SegmentFile } from './segments.ts'

const SCHEMA = `
  create table if not exists entry (
    seq integer primary key,
    received integer not null, -- epoch ms
    client text not null,
    topic text not null,
    payload blob not null
  )`

/** Fewer calls into SQLite for a large commit. */
const ROWS_AT_ONCE = 20

export interface SegmentWriter {
  /** Writes all or none, numbered from `firstSeq`; on disk when it returns. */
  insert(firstSeq: number, entries: readonly NewJournalEntry[]): void
  /** The newest number in it; one less than its first while it is empty. */
  last(): number
  /** When its first entry came; undefined while it is empty. */
  startedAt(): number | undefined
  close(): void
  readonly engine: string
}

/** Opens the segment that starts with this number, making it if need be. Under its own name from the start: SQLite shares a file's locks by inode within a process, so a file with open handles must not be renamed. */
export function openSegmentForWriting(segment: SegmentFile): SegmentWriter {
  const isNew = !existsSync(segment.path)
  const database = openDatabase(segment.path, { synchronous: 'FULL' })
  try {
    database.exec(SCHEMA)
    if (isNew) syncFolder(dirname(segment.path))
  } catch (error) {
    database.close()
    throw error
  }
  const insert = (rows: number) =>
    database.prepare(`insert into entry (seq, received, client, topic, payload) values ${Array(rows).fill('(?, ?, ?, ?, ?)').join(', ')}`)
  const one = insert(1)
  const many = insert(ROWS_AT_ONCE)
  const numberOf = (sql: string) => database.prepare(sql).get()?.['n'] as number | null | undefined
  return {
    engine: database.engine,
    insert: (firstSeq, entries) =>
      database.transaction(() => {
        for (let done = 0; done < entries.length;) {
          const rows = entries.length - done >= ROWS_AT_ONCE ? ROWS_AT_ONCE : 1
          const values: SqlValue[] = []
          for (const end = done + rows; done < end; done++) {
            const { receivedAt, client, topic, payload } = entries[done]!
            values.push(firstSeq + done, receivedAt, client, topic, payload)
          }
          ;(rows === 1 ? one : many).run(...values)
        }
      }),
    last: () => numberOf('select max(seq) as n from entry') ?? segment.first - 1,
    startedAt: () => numberOf('select received as n from entry order by seq limit 1') ?? undefined,
    close: () => {
      database.exec('pragma wal_checkpoint(truncate)')
      database.close()
    },
  }
}

export interface SegmentReader {
  /** Entries with `after < seq <= upTo` in order. */
  read(after: number, upTo: number, limit: number): readonly JournalEntry[]
  /** The newest number in it; one less than its first while it is empty. */
  last(): number
  count(): number
  /** Numbers between its first and its newest that it does not hold. */
  gaps(): readonly { readonly from: number; readonly to: number }[]
  /** What SQLite finds wrong with the file itself. */
  damages(): readonly string[]
  close(): void
}

/** @returns undefined when the file has gone, or was made a moment ago and has no table yet. */
export function openSegmentForReading(segment: SegmentFile): SegmentReader | undefined {
  if (!existsSync(segment.path)) return undefined
  const database = openDatabase(segment.path, { readonly: true })
  if (!database.prepare("select 1 from sqlite_schema where name = 'entry'").get()) {
    database.close()
    return undefined
  }
  const slice = database.prepare('select seq, received, client, topic, payload from entry where seq > ? and seq <= ? order by seq limit ?')
  const newest = database.prepare('select max(seq) as seq from entry')
  return {
    read: (after, upTo, limit) => slice.all(after, upTo, limit).map(toEntry),
    last: () => Number(newest.get()?.['seq'] ?? segment.first - 1),
    count: () => Number(database.prepare('select count(*) as n from entry').get()?.['n']),
    gaps: () =>
      database
        .prepare('select a, b from (select lag(seq, 1, ?) over (order by seq) as a, seq as b from entry) where b > a + 1')
        .all(segment.first - 1)
        .map((row) => ({ from: (row['a'] as number) + 1, to: (row['b'] as number) - 1 })),
    damages: () =>
      database
        .prepare('pragma quick_check')
        .all()
        .map((row) => String(Object.values(row)[0]))
        .filter((line) => line !== 'ok'),
    close: () => database.close(),
  }
}

function toEntry(row: SqlRow): JournalEntry {
  return {
    seq: row['seq'] as number,
    receivedAt: row['received'] as number,
    client: row['client'] as string,
    topic: row['topic'] as string,
    payload: row['payload'] as Uint8Array,
  }
}
