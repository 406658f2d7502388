/** Carries the journal into the telemetry store: reads ahead while a batch is being written, waits for a store that is down, and begins again where a store that came back left off. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import type { JournalReader } from '../domain/journal.ts'
import type { TelemetryStore } from '../domain/telemetry.ts'
import type { Log } from '../log.ts'
import type { RecordsReader } from '../storage/records-reader.ts'
import { addToBatch, BATCH_LIMITS, emptyBatch, isFull, type BatchLimits } from './batch.ts'
import type { DeadLettersWriter } from './dead-letters-writer.ts'
import type { decode } from './decode.ts'
import { deliver, type DeliverTools } from './deliver.ts'
import { makeDeviceFinder } from './device-finder.ts'
import { digest, type DigestContext } from './digest.ts'
import type { Room } from './room.ts'
import { makeSleeper } from './sleeper.ts'

export interface PumpOptions {
  readonly journal: JournalReader
  readonly store: TelemetryStore
  readonly letters: DeadLettersWriter
  readonly records: RecordsReader
  readonly rawDays: number
  readonly log: Log
  readonly room?: Pick<Room, 'demand'>
  readonly limits?: BatchLimits
  readonly clock?: Clock
  readonly decode?: typeof decode
  /** Called with what it waits for, and with undefined when it goes on. */
  readonly onWaiting: (what: 'store' | 'records' | undefined, error?: unknown) => void
  readonly onFailure?: (failure: unknown) => void
  readonly onGap?: (gap: { readonly from: number; readonly to: number }) => void
}

export interface PumpFigures {
  readonly cursor: number
  readonly points: number
  readonly rejected: number
  readonly unknownFields: number
  readonly clockFaults: number
}

export interface Pump {
  figures(): PumpFigures
  close(): Promise<void>
}

const SLICE = 2000
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 2000

export function startPump(options: PumpOptions): Pump {
  const { journal, store, letters, records, rawDays } = options
  const clock = options.clock ?? Date.now
  const limits = options.limits ?? BATCH_LIMITS
  const sleeper = makeSleeper()
  const figures = { cursor: 0, points: 0, rejected: 0, unknownFields: 0, clockFaults: 0 }
  const atOnce = store.writesAtOnce ?? 1
  let closed = false
  const off = journal.onHead(() => sleeper.wake())
  const tools: DeliverTools = {
    store,
    letters,
    journal,
    ...(options.room && { room: options.room }),
    readAgain: (entry) => digest(entry, context(revision)),
  }
  let revision = 0

  const context = (at: number): DigestContext => ({
    findDevice: makeDeviceFinder(records.estatesAt(at)),
    rawDays,
    ...(options.decode && { decode: options.decode }),
  })

  /** Both cursors count, the smaller one decides; a missing one means the journal's start. So does one from beyond the journal, which must be another one's. */
  const findStart = async (): Promise<number> => {
    const both = [letters.cursor(), await store.cursor()]
    const start = Math.min(...both.map((cursor) => cursor ?? 0))
    return start > journal.head() ? 0 : start
  }
  const connect = async (): Promise<number | undefined> => {
    for (let retryMs = FIRST_RETRY_MS; !closed; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      const newest = records.newestRevision()
      if (newest === undefined) options.onWaiting('records')
      else
        try {
          const start = await findStart()
          revision = letters.revisionAt(start) ?? newest
          return start
        } catch (error) {
          options.onWaiting('store', error)
        }
      await sleeper.sleep(retryMs, { throughHead: true })
    }
    return undefined
  }

  /** @returns when the store must be asked again where to begin, or when closed. */
  const session = async (start: number): Promise<void> => {
    let cursor = start
    let batch = emptyBatch()
    let now = context(revision)
    const inFlight = new Set<Promise<void>>()
    let newest: Promise<unknown> = Promise.resolve()
    let isReplaying = false
    let failure: Error | undefined
    const broken = () => failure
    const send = async (): Promise<void> => {
      const full = batch
      batch = emptyBatch()
      // A replay reads letters and writes points anew: nothing else is under way meanwhile.
      const most = isReplaying || full.replay !== undefined ? 1 : atOnce
      while (inFlight.size >= most) await Promise.race(inFlight)
      if (broken()) return
      isReplaying = full.replay !== undefined
      const delivery = deliver(full, { ...tools, before: newest })
      newest = delivery
      const done: Promise<void> = delivery
        .then(({ stored, rejected }) => {
          figures.cursor = full.cursor!
          figures.points += stored
          figures.rejected += rejected
          options.onWaiting(undefined)
        })
        .catch((error: unknown) => {
          failure ??= error instanceof Error ? error : new Error(String(error))
        })
        .finally(() => {
          inFlight.delete(done) // one that fails ends before those ahead of it
          sleeper.wake()
        })
      inFlight.add(done)
    }
    figures.cursor = start
    while (!closed && !broken()) {
      const entries = journal.read(cursor, SLICE)
      if (entries[0] && cursor > 0 && entries[0].seq > cursor + 1) options.onGap?.({ from: cursor + 1, to: entries[0].seq - 1 })
      for (const entry of entries) {
        const done = digest(entry, now)
        if (done.replay && batch.cursor !== undefined) await send()
        addToBatch(batch, entry, { digest: done, dueAt: clock() + limits.waitMs })
        figures.unknownFields += done.unknownFields
        figures.clockFaults += done.clockFaults
        if (done.failure !== undefined) options.onFailure?.(done.failure)
        if (done.revision !== undefined) {
          revision = done.revision
          now = context(revision)
        }
        cursor = entry.seq
        if (isFull(batch, limits)) await send()
        if (broken()) break
      }
      if (batch.cursor !== undefined && clock() >= batch.dueAt) await send()
      if (entries.length > 0) await nextTurn()
      else await sleeper.sleep(batch.cursor === undefined ? 1000 : Math.max(1, batch.dueAt - clock()))
    }
    if (!broken() && batch.cursor !== undefined) await send()
    await Promise.all(inFlight)
    const error = broken()
    if (error) throw error
  }

  const run = async () => {
    while (!closed) {
      const start = await connect()
      if (start === undefined) return
      try {
        await session(start)
      } catch (error) {
        options.onWaiting('store', error)
        if (!(error instanceof AppError && (error.code === 'store-down' || error.code === 'disk-full')))
          options.log.error({ err: error }, 'ingest could not do its work')
        await sleeper.sleep(FIRST_RETRY_MS, { throughHead: true })
      }
    }
  }
  const done = run()
  return {
    figures: () => figures,
    close: async () => {
      closed = true
      off()
      sleeper.close()
      await done
    },
  }
}
