/** Gathers what journal entries come to until there is enough for one write. */
import type { EpochMs } from '../domain/clock.ts'
import type { JournalEntry } from '../domain/journal.ts'
import type { Replay } from '../domain/system.ts'
import type { DeadLetter } from './dead-letters-writer.ts'
import type { Digest, DigestedPoint } from './digest.ts'

export interface BatchLimits {
  readonly points: number
  readonly waitMs: number
}

/** A write of 5,000 points is where InfluxDB and SQLite were fastest; half a second keeps the promise of one second. */
export const BATCH_LIMITS: BatchLimits = { points: 5000, waitMs: 500 }
const MOST_ENTRIES = 20_000
const MOST_LETTERS = 1000
const MOST_BYTES = 8 << 20

export interface Batch {
  /** The newest entry in it; undefined while it is empty. */
  cursor: number | undefined
  readonly points: DigestedPoint[]
  readonly letters: DeadLetter[]
  readonly revisions: { readonly seq: number; readonly revision: number }[]
  replay: Replay | undefined
  /** When it must go, full or not. */
  dueAt: EpochMs
  entries: number
  bytes: number
}

export function emptyBatch(): Batch {
  return { cursor: undefined, points: [], letters: [], revisions: [], replay: undefined, dueAt: Infinity, entries: 0, bytes: 0 }
}

export function addToBatch(
  batch: Batch,
  entry: JournalEntry,
  { digest, dueAt }: { readonly digest: Digest; readonly dueAt: EpochMs },
): void {
  if (batch.cursor === undefined) batch.dueAt = dueAt
  batch.cursor = entry.seq
  batch.entries++
  batch.bytes += entry.payload.byteLength
  for (const point of digest.points) batch.points.push(point)
  for (const letter of digest.letters) batch.letters.push(letter)
  if (digest.revision !== undefined) batch.revisions.push({ seq: entry.seq, revision: digest.revision })
  batch.replay = digest.replay
}

/** A replay goes alone at the end of its batch, so that it finds the letters of all entries before it. */
export function isFull({ points, letters, entries, bytes, replay }: Batch, limits: BatchLimits): boolean {
  return (
    points.length >= limits.points ||
    letters.length >= MOST_LETTERS ||
    entries >= MOST_ENTRIES ||
    bytes >= MOST_BYTES ||
    replay !== undefined
  )
}
