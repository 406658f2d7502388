/** How a batch of entries travels from the broker's main thread to the journal's worker: payloads joined into one buffer that is handed over, not copied. */
import type { NewJournalEntry } from '../../domain/journal.ts'

export interface Batch {
  readonly receivedAt: readonly number[]
  readonly clients: readonly string[]
  readonly topics: readonly string[]
  /** Where each payload ends in `payloads`. */
  readonly ends: readonly number[]
  readonly payloads: ArrayBuffer
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
  const ends: number[] = []
  let total = 0
  for (const { payload } of entries) ends.push((total += payload.byteLength))
  const joined = new Uint8Array(total)
  for (const [i, { payload }] of entries.entries()) joined.set(payload, ends[i]! - payload.byteLength)
  return {
    receivedAt: entries.map(({ receivedAt }) => receivedAt),
    clients: entries.map(({ client }) => client),
    topics: entries.map(({ topic }) => topic),
    ends,
    payloads: joined.buffer,
  }
}

export function unpackBatch(batch: Batch): readonly NewJournalEntry[] {
  return batch.ends.map((end, i) => {
    const start = i === 0 ? 0 : batch.ends[i - 1]!
    return {
      receivedAt: batch.receivedAt[i]!,
      client: batch.clients[i]!,
      topic: batch.topics[i]!,
      payload: Buffer.from(batch.payloads, start, end - start),
    }
  })
}
