/** Follows the journal from a cursor and hands it on slice by slice: never awaiting inside a read, letting other work run between slices, waiting for a handler that is busy. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { JournalEntry, JournalReader, BrokerLink } from '../../domain/journal.ts'
import type { Log } from '../../log.ts'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000
const REPORT_MS = 5_000

export interface ConsumerOptions {
  readonly journal: JournalReader
  /** The number up to which the work is done. */
  readonly cursor: number
  /** Does the work of a slice and commits its own cursor with it. A throw is logged and the same slice comes again, later and later (≤ 5 s). */
  readonly handle: (entries: readonly JournalEntry[]) => void | Promise<void>
  /** At most so many at once. */
  readonly sliceSize?: number
  /** Numbers that are missing: cut off before they were read, or lost. */
  readonly onGap?: (gap: { readonly from: number; readonly to: number }) => void
  /** Tells the broker how far this consumer has committed, so that segments all have passed can go; `cursor` when it commits later than it handles. */
  readonly report?: { readonly link: BrokerLink; readonly name: string; readonly cursor?: () => number }
  readonly log: Log
}

export interface Consumer {
  cursor(): number
  /** Entries not yet handled, and the age of the oldest of them in ms. */
  lag(now?: number): { readonly entries: number; readonly ageMs: number }
  close(): Promise<void>
}

export function startConsumer(options: ConsumerOptions): Consumer {
  const { journal, log } = options
  const sliceSize = options.sliceSize ?? 1_000
  let cursor = options.cursor
  let closed = false
  let wake: () => void = () => undefined
  const off = journal.onHead(() => wake())

  const sleep = (ms?: number) =>
    new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
      wake = () => {
        if (ms !== undefined && !closed) return // a retry waits its time
        clearTimeout(timer)
        resolve()
      }
    })
  const run = async () => {
    let retryMs = FIRST_RETRY_MS
    while (!closed) {
      try {
        const entries = journal.read(cursor, sliceSize)
        const first = entries[0]
        if (!first) {
          await sleep()
          continue
        }
        findGaps(cursor, entries, options.onGap)
        const pending = options.handle(entries)
        if (pending) await pending
        cursor = entries.at(-1)!.seq
        retryMs = FIRST_RETRY_MS
        await nextTurn()
      } catch (error) {
        log.error({ err: error, cursor, retryMs }, 'a slice of the journal could not be worked on')
        await sleep(retryMs)
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
      }
    }
  }
  const done = run()
  const { report } = options
  const timer =
    report &&
    setInterval(() => {
      if (report.link.connected())
        report.link.request('committed', { name: report.name, cursor: report.cursor?.() ?? cursor }).catch(() => undefined) // the next one is 5 s away
    }, REPORT_MS)
  timer?.unref()
  return {
    cursor: () => cursor,
    lag: (now = Date.now()) => {
      const entries = Math.max(0, journal.head() - cursor)
      const oldest = entries === 0 ? undefined : journal.read(cursor, 1)[0]
      return { entries, ageMs: oldest ? Math.max(0, now - oldest.receivedAt) : 0 }
    },
    close: async () => {
      closed = true
      clearInterval(timer)
      off()
      wake()
      await done
    },
  }
}

function findGaps(cursor: number, entries: readonly JournalEntry[], onGap: ConsumerOptions['onGap']): void {
  let expected = cursor + 1
  if (entries.length === entries.at(-1)!.seq - cursor || !onGap) return
  for (const { seq } of entries) {
    if (seq !== expected) onGap({ from: expected, to: seq - 1 })
    expected = seq + 1
  }
}
