/** Keeps what could not be understood or was not allowed, with its reason, in `dead-letters.db`; ingest's own cursor is committed with it. */
import { join } from 'node:path'
import type { JournalEntry } from '../domain/journal.ts'
import type { Rejection } from '../domain/rejection.ts'
import { openMigrated } from '../storage/migrations.ts'
import type { Database } from '../storage/sqlite.ts'
import { DEAD_LETTERS_FILE, DEAD_LETTERS_STEPS, toEntry } from './dead-letters-file.ts'

/** One message with what is wrong with it; `ordinal` tells the rejections of one message apart. */
export interface DeadLetter {
  readonly entry: JournalEntry
  readonly ordinal: number
  readonly rejection: Rejection
}

export interface Selection {
  readonly reason?: string
  readonly ids?: readonly string[]
}

export interface DeadLettersWriter {
  /** The journal number up to which ingest's own file holds everything; undefined for a new file. */
  cursor(): number | undefined
  /** The revision of the records in force after that number, if one has been seen. */
  revisionAt(seq: number): number | undefined
  /** One transaction. A letter of an entry that was counted before is not counted again. */
  commit(done: {
    readonly cursor: number
    readonly letters: readonly DeadLetter[]
    readonly revisions?: readonly { readonly seq: number; readonly revision: number }[]
  }): void
  /** Entries of which letters are chosen, after `seq`, oldest first; those that were not allowed stay where they are. */
  select(selection: Selection, after: number, limit: number): readonly JournalEntry[]
  /** Takes the letters of these entries out and puts in what is still wrong with them. */
  replace(entries: readonly JournalEntry[], still: readonly DeadLetter[]): void
  close(): void
}

const LIMIT_BYTES = 200 * 1024 ** 2
/** A letter without its payload. */
const LETTER_BYTES = 300
const MOST_NOT_ALLOWED = 1000

export function openDeadLettersWriter(options: { readonly dataDir: string; readonly limitBytes?: number }): DeadLettersWriter {
  const database = openMigrated(join(options.dataDir, DEAD_LETTERS_FILE), DEAD_LETTERS_STEPS)
  const limitBytes = options.limitBytes ?? LIMIT_BYTES
  const sql = prepare(database)
  const meta = (key: string): number | undefined => {
    const value = sql.getMeta.get(key)?.['value']
    return value === undefined ? undefined : Number(value)
  }

  const put = ({ entry, ordinal, rejection }: DeadLetter): boolean => {
    const { seq, receivedAt, client, topic, payload } = entry
    const estate = /^estates\/([^/]+)\//.exec(topic)?.[1] ?? ''
    const fresh = sql.addMessage.run(seq, receivedAt, client, topic, estate, payload).changes > 0
    const { reason, detail, field = null, index = null, value = null } = rejection
    const added = sql.addLetter.run(seq, ordinal, reason, detail, field, index, value).changes > 0
    const bytes = (fresh ? payload.byteLength + LETTER_BYTES : 0) + (added ? LETTER_BYTES : 0)
    if (bytes > 0) sql.addMeta.run('bytes', bytes)
    return added
  }
  const takeOut = (seq: number) => {
    const letters = Number(sql.countLetters.get(seq)?.['n'] ?? 0)
    const size = Number(sql.sizeOf.get(seq)?.['bytes'] ?? 0) + (letters + 1) * LETTER_BYTES
    sql.removeLetters.run(seq)
    if (sql.removeMessage.run(seq).changes > 0) sql.addMeta.run('bytes', -size)
    return letters
  }
  const trim = () => {
    while ((meta('bytes') ?? 0) > limitBytes) {
      const oldest = sql.oldest.get()?.['seq']
      if (oldest === undefined) return
      sql.addMeta.run('dropped', takeOut(Number(oldest)))
    }
  }
  const trimNotAllowed = (clients: ReadonlySet<string>) => {
    for (const client of clients)
      for (const { seq } of sql.tooManyNotAllowed.all(client, MOST_NOT_ALLOWED)) sql.addMeta.run('dropped', takeOut(Number(seq)))
  }

  return {
    cursor: () => meta('cursor'),
    revisionAt: (seq) => {
      const revision = sql.revisionAt.get(seq)?.['revision']
      return revision === undefined ? undefined : Number(revision)
    },
    commit: ({ cursor, letters, revisions = [] }) =>
      database.transaction(() => {
        const counted = meta('counted') ?? 0
        const fresh = letters.filter(({ entry }) => entry.seq > counted)
        for (const letter of fresh) if (put(letter)) sql.count.run(letter.rejection.reason)
        trimNotAllowed(new Set(fresh.filter(({ rejection }) => rejection.reason === 'not-allowed').map(({ entry }) => entry.client)))
        trim()
        for (const { seq, revision } of revisions) sql.addRevision.run(seq, revision)
        sql.setMeta.run('cursor', cursor)
        sql.setMeta.run('counted', Math.max(counted, cursor))
      }),
    select: ({ reason, ids }, after, limit) => {
      if (ids) {
        const seqs = [...new Set(ids.map((id) => Number(/^(\d+)-\d+$/.exec(id)?.[1] ?? NaN)))].filter((seq) => seq > after)
        return seqs
          .sort((a, b) => a - b)
          .slice(0, limit)
          .flatMap((seq) => sql.replayable.all(seq))
          .map(toEntry)
      }
      return sql.choose.all(after, reason ?? null, reason ?? null, limit).map(toEntry)
    },
    replace: (entries, still) =>
      database.transaction(() => {
        for (const { seq } of entries) takeOut(seq)
        for (const letter of still) put(letter)
      }),
    close: () => database.close(),
  }
}

function prepare(database: Database) {
  const message = 'select m.seq, m.received_at, m.client, m.topic, m.payload from message m'
  const letter = `select 1 from letter l where l.seq = m.seq and l.reason <> 'not-allowed'`
  return {
    getMeta: database.prepare('select value from meta where key = ?'),
    setMeta: database.prepare('insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value'),
    addMeta: database.prepare('insert into meta (key, value) values (?, ?) on conflict (key) do update set value = value + excluded.value'),
    addMessage: database.prepare(
      'insert or ignore into message (seq, received_at, client, topic, estate, payload) values (?, ?, ?, ?, ?, ?)',
    ),
    addLetter: database.prepare(
      'insert or ignore into letter (seq, ordinal, reason, detail, field, element, value) values (?, ?, ?, ?, ?, ?, ?)',
    ),
    count: database.prepare('insert into counts (reason, n) values (?, 1) on conflict (reason) do update set n = n + 1'),
    countLetters: database.prepare('select count(*) as n from letter where seq = ?'),
    sizeOf: database.prepare('select length(payload) as bytes from message where seq = ?'),
    removeLetters: database.prepare('delete from letter where seq = ?'),
    removeMessage: database.prepare('delete from message where seq = ?'),
    oldest: database.prepare('select min(seq) as seq from message having min(seq) is not null'),
    tooManyNotAllowed: database.prepare(
      `select seq from message where client = ? and seq in (select seq from letter where reason = 'not-allowed') order by seq desc limit -1 offset ?`,
    ),
    revisionAt: database.prepare('select revision from revision where seq <= ? order by seq desc limit 1'),
    addRevision: database.prepare('insert or replace into revision (seq, revision) values (?, ?)'),
    replayable: database.prepare(`${message} where m.seq = ? and exists (${letter})`),
    choose: database.prepare(`${message} where m.seq > ? and exists (${letter} and (? is null or l.reason = ?)) order by m.seq limit ?`),
  }
}
