/** Shows the dead letters to other processes: counts by reason, and the last ones with their payload in readable form. */
import { join } from 'node:path'
import type { EpochMs } from '../domain/clock.ts'
import type { RejectionReason } from '../domain/rejection.ts'
import { openForReading } from '../storage/migrations.ts'
import type { Database, SqlRow, SqlValue } from '../storage/sqlite.ts'
import { parseJson } from './formats/json.ts'
import { DEAD_LETTERS_FILE, DEAD_LETTERS_STEPS, toEntry } from './dead-letters-file.ts'

export interface ShownDeadLetter {
  /** `<journal number>-<ordinal>`. */
  readonly id: string
  readonly receivedAt: EpochMs
  /** The credential's user name. */
  readonly client: string
  readonly topic: string
  readonly reason: RejectionReason
  readonly detail: string
  readonly field: string | null
  readonly value: string | null
  /** The message, or the element of the array, as text; bytes that are no UTF-8 as `hex:…`; long ones cut. */
  readonly payload: string
}

export interface DeadLetterQuery {
  readonly reason?: string
  readonly estate?: string
  /** 100 unless told, at most 500. */
  readonly limit?: number
  /** The `next` of the page before. */
  readonly before?: string
}

export interface DeadLettersReader {
  /** Rejected messages and elements since the beginning, by reason; also those no longer kept. */
  counts(): Readonly<Partial<Record<RejectionReason, number>>>
  /** Newest first; `next` is null at the end. */
  list(query?: DeadLetterQuery): { readonly deadLetters: readonly ShownDeadLetter[]; readonly next: string | null }
  /** Letters that had to make room for newer ones. */
  dropped(): number
  close(): void
}

const SHOWN_CHARACTERS = 2000
const PARSED_BYTES = 64 * 1024

/** Nothing is in it before ingest has made the file. @throws AppError `schema-unknown` */
export function openDeadLetters(options: { readonly dataDir: string }): DeadLettersReader {
  let database: Database | undefined
  const open = () => (database ??= openForReading(join(options.dataDir, DEAD_LETTERS_FILE), DEAD_LETTERS_STEPS.length))
  return {
    counts: () => {
      const rows = open()?.prepare('select reason, n from counts').all() ?? []
      return Object.fromEntries(rows.map(({ reason, n }) => [String(reason), Number(n)]))
    },
    list: (query = {}) => {
      const opened = open()
      return opened ? list(opened, query) : { deadLetters: [], next: null }
    },
    dropped: () => Number(open()?.prepare(`select value from meta where key = 'dropped'`).get()?.['value'] ?? 0),
    close: () => database?.close(),
  }
}

function list(database: Database, { reason, estate, limit = 100, before }: DeadLetterQuery): ReturnType<DeadLettersReader['list']> {
  const most = Math.min(500, Math.max(1, Math.floor(limit)))
  const where: string[] = []
  const values: SqlValue[] = []
  const add = (condition: string, ...given: readonly SqlValue[]) => {
    where.push(condition)
    values.push(...given)
  }
  if (reason !== undefined) add('l.reason = ?', reason)
  if (estate !== undefined) add('m.estate = ?', estate)
  const [, seq, ordinal] = /^(\d+)-(\d+)$/.exec(before ?? '') ?? []
  if (seq !== undefined && ordinal !== undefined) add('(l.seq, l.ordinal) < (?, ?)', Number(seq), Number(ordinal))
  const rows = database
    .prepare(
      `select l.seq, l.ordinal, l.reason, l.detail, l.field, l.value, l.element, m.received_at, m.client, m.topic, m.payload
       from letter l join message m on m.seq = l.seq ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
       order by l.seq desc, l.ordinal desc limit ?`,
    )
    .all(...values, most + 1)
  const deadLetters = rows.slice(0, most).map(show)
  return { deadLetters, next: rows.length > most ? deadLetters.at(-1)!.id : null }
}

function show(row: SqlRow): ShownDeadLetter {
  const { seq, receivedAt, client, topic, payload } = toEntry(row)
  const { element } = row
  return {
    id: `${seq}-${String(row['ordinal'])}`,
    receivedAt,
    client,
    topic,
    reason: row['reason'] as RejectionReason,
    detail: String(row['detail']),
    field: textOrNull(row['field']),
    value: textOrNull(row['value']),
    payload: showPayload(payload, element === null || element === undefined ? undefined : Number(element)),
  }
}

function textOrNull(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

function showPayload(payload: Uint8Array, element: number | undefined): string {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const text = element !== undefined && bytes.byteLength <= PARSED_BYTES ? elementText(bytes, element) : undefined
  if (text !== undefined) return text.slice(0, SHOWN_CHARACTERS)
  const start = bytes.subarray(0, SHOWN_CHARACTERS)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true }) // a character cut at the end is left out
  } catch {
    return `hex:${start.subarray(0, SHOWN_CHARACTERS / 4).toString('hex')}`
  }
}

function elementText(bytes: Buffer, element: number): string | undefined {
  const json = parseJson(bytes)
  return json.ok && Array.isArray(json.value) && element < json.value.length ? JSON.stringify(json.value[element]) : undefined
}
