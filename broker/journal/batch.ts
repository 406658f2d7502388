/** How a batch of entries travels from the broker's main thread to the journal's worker: payloads joined into one buffer that is handed over, not copied. */
import type { NewJournalEntry } from '../../domain/journal.ts'

export interface Batch {
  readonly receivedAt: Float64Array
  readonly clients: readonly string[]
  readonly topics: readonly string[]
  /** Where each payload ends in `payloads`. */
  readonly ends: Uint32Array
  readonly payloads: Uint8Array
}

export interface WriterWorkerOptions {
  readonly folder: string
  readonly segmentBytes: number
  readonly segmentMs: number
}

export type ToWorker = { readonly type: 'batch'; readonly batch: Batch } | { readonly type: 'close' }

export type FromWorker =
  | { readonly type: 'ready'; readonly head: number; readonly engine: string }
  | { readonly type: 'committed'; readonly firstSeq: number }
  | { readonly type: 'failed'; readonly message: string; readonly full: boolean }
  | { readonly type: 'closed' }

export function packBatch(entries: readonly NewJournalEntry[]): Batch {
  const { length } = entries
  const receivedAt = new Float64Array(length)
  const ends = new Uint32Array(length)
  const clients: string[] = []
  const topics: string[] = []
  let total = 0
  for (let i = 0; i < length; i++) {
    const entry = entries[i]!
    receivedAt[i] = entry.receivedAt
    ends[i] = total += entry.payload.byteLength
    clients.push(entry.client)
    topics.push(entry.topic)
  }
  const payloads = new Uint8Array(total)
  for (let i = 0; i < length; i++) payloads.set(entries[i]!.payload, i === 0 ? 0 : ends[i - 1])
  return { receivedAt, clients, topics, ends, payloads }
}

/** What is handed over with a batch instead of being copied. */
export function buffersOf({ receivedAt, ends, payloads }: Batch): ArrayBuffer[] {
  return [receivedAt.buffer, ends.buffer, payloads.buffer] as ArrayBuffer[]
}

export function unpackBatch({ receivedAt, clients, topics, ends, payloads }: Batch): readonly NewJournalEntry[] {
  return topics.map((topic, i) => ({
    receivedAt: receivedAt[i]!,
    client: clients[i]!,
    topic,
    payload: payloads.subarray(i === 0 ? 0 : ends[i - 1], ends[i]),
  }))
}
