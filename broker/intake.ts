/** Takes a message into the journal; while the disk is full it is held for a moment, in order, and then given up. */
import { AppError } from '../domain/errors.ts'
import type { NewJournalEntry } from '../domain/journal.ts'
import type { EmbeddedJournalWriter, PendingEntry } from './journal/writer.ts'
import type { Disk } from './disk.ts'

/** A held client is not read, pings included, so it must not be long. */
export const HOLD_MS = 5_000
const RETRY_MS = 100

export interface Intake {
  /** Calls back when it is on disk, or with AppError `disk-full` after 5 s. */
  take(entry: NewJournalEntry, taken: Taken): void
  close(): void
}

export type Taken = (error?: Error) => void

/** One object a message while it waits for the disk: thousands are under way at once. */
class Held implements PendingEntry {
  readonly receivedAt: number
  readonly client: string
  readonly topic: string
  readonly payload: Uint8Array
  readonly until: number
  readonly taken: Taken
  readonly #onFull: (one: Held) => void

  constructor(entry: NewJournalEntry, more: { readonly until: number; readonly taken: Taken; readonly onFull: (one: Held) => void }) {
    this.receivedAt = entry.receivedAt
    this.client = entry.client
    this.topic = entry.topic
    this.payload = entry.payload
    this.until = more.until
    this.taken = more.taken
    this.#onFull = more.onFull
  }

  written(error: Error | undefined): void {
    if (error instanceof AppError && error.code === 'disk-full') this.#onFull(this)
    else this.taken(error)
  }
}

export function createIntake(options: { readonly journal: EmbeddedJournalWriter; readonly disk: Disk; readonly holdMs?: number }): Intake {
  const { journal, disk } = options
  const held: Held[] = []
  let timer: NodeJS.Timeout | undefined

  const hold = (one: Held) => {
    held.push(one)
    timer ??= setTimeout(retry, RETRY_MS)
  }
  const onFull = (one: Held) => {
    disk.wasFull()
    hold(one)
  }
  const retry = () => {
    timer = undefined
    const now = performance.now()
    const waiting = held.splice(0)
    disk.look()
    const isFull = disk.stage() === 'full'
    for (const one of waiting)
      if (!isFull) journal.put(one)
      else if (one.until <= now) one.taken(new AppError('disk-full'))
      else hold(one)
  }
  return {
    take: (entry, taken) => {
      const one = new Held(entry, { until: performance.now() + (options.holdMs ?? HOLD_MS), taken, onFull })
      if (held.length > 0 || disk.stage() === 'full') hold(one)
      else journal.put(one)
    },
    close: () => {
      clearTimeout(timer)
      for (const { taken } of held.splice(0)) taken(new AppError('disk-full'))
    },
  }
}
