/** The one ordered log of messages, as its readers and its writers see it. What it is kept in is known to broker/journal alone. */
import type { EpochMs } from './clock.ts'

export interface JournalEntry {
  /** Counts up by one from 1; never used twice. */
  readonly seq: number
  readonly receivedAt: EpochMs
  /** The credential's user name (`domain/credential.ts`), or `system` for our own messages. */
  readonly client: string
  readonly topic: string
  readonly payload: Uint8Array
}

export type NewJournalEntry = Omit<JournalEntry, 'seq'>

/** One process appends. A promise that resolves means: on disk. */
export interface JournalWriter {
  append(entry: NewJournalEntry): Promise<number>
  close(): Promise<void>
}

/** Any number of processes read, each from its own cursor. */
export interface JournalReader {
  /** The newest number known to be on disk; 0 for an empty journal. */
  head(): number
  /** The oldest number still kept; `head() + 1` for an empty journal. */
  first(): number
  /** Entries after `cursor` in order, at most `limit` (2,000 at the most). Synchronous and bounded. */
  read(cursor: number, limit: number): readonly JournalEntry[]
  /** Called when the head has moved; returns the unsubscribe. */
  onHead(listener: () => void): () => void
  close(): Promise<void>
}

/** The door to the broker process over `DATA_DIR/run/broker.sock`; every call waits while the broker is away, until its time is up. */
export interface BrokerLink {
  /** Appends one of our own messages (`system/…`) to the journal. @returns its number once it is on disk. @throws AppError `broker-away` after `timeoutMs`. */
  append(topic: string, payload: unknown, options?: { readonly timeoutMs?: number }): Promise<number>
  /** Asks the broker something else, e.g. `stats` or `credentials`. */
  request<T>(what: string, body?: unknown, options?: { readonly timeoutMs?: number }): Promise<T>
  connected(): boolean
  close(): Promise<void>
}
