/** Takes a message into the journal; while the disk is full it is held for a moment, in order, and then given up. */
import { AppError } from '../domain/errors.ts'
import type { NewJournalEntry } from '../domain/journal.ts'
import type { EmbeddedJournalWriter } from './journal/writer.ts'
import type { Disk } from './disk.ts'

/** A held client is not read, pings included, so it must not be long. */
export const HOLD_MS = 5_000
const RETRY_MS = 100

export interface Intake {
  /** Resolves when it is on disk. @throws AppError `disk-full` after 5 s. */
  take(entry: NewJournalEntry): Promise<number>
  close(): void
}

interface Held {
  readonly entry: NewJournalEntry
  readonly until: number
  readonly resolve: (seq: number) => void
  readonly reject: (error: Error) => void
}

export function createIntake(options: { readonly journal: EmbeddedJournalWriter; readonly disk: Disk; readonly holdMs?: number }): Intake {
  const { journal, disk } = options
  const held: Held[] = []
  let timer: NodeJS.Timeout | undefined

  const hold = (one: Held) => {
    held.push(one)
    timer ??= setTimeout(retry, RETRY_MS)
  }
  const append = (one: Held) => {
    journal.append(one.entry).then(one.resolve, (error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'disk-full') {
        one.reject(error as Error)
        return
      }
      disk.wasFull()
      hold(one)
    })
  }
  const retry = () => {
    timer = undefined
    const now = performance.now()
    const waiting = held.splice(0)
    disk.look()
    const isFull = disk.stage() === 'full'
    for (const one of waiting)
      if (!isFull) append(one)
      else if (one.until <= now) one.reject(new AppError('disk-full'))
      else hold(one)
  }
  return {
    take: (entry) =>
      new Promise((resolve, reject) => {
        const one: Held = { entry, until: performance.now() + (options.holdMs ?? HOLD_MS), resolve, reject }
        if (held.length > 0 || disk.stage() === 'full') hold(one)
        else append(one)
      }),
    close: () => {
      clearTimeout(timer)
      for (const { reject } of held.splice(0)) reject(new AppError('disk-full'))
    },
  }
}
