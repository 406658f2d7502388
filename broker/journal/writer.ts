/** Appends messages to the journal: what arrives while a commit runs is the next commit, and a promise resolves when its message is on the disk. */
import { mkdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../domain/errors.ts'
import { HOUR_MS } from '../../domain/clock.ts'
import type { JournalWriter, NewJournalEntry } from '../../domain/journal.ts'
import { builtFile } from '../../project-root.ts'
import { buffersOf, packBatch, type FromWorker, type ToWorker, type WriterWorkerOptions } from './batch.ts'
import { takeLock } from './lock.ts'
import { journalFolder } from './segments.ts'

/** Bounds of one commit: small enough that acknowledging one and writing the next go on side by side (measured 11/2026 with 4,000 under way: 2,000 a commit 75,000/s, 4,000 a commit 54,000/s). */
const BATCH_ENTRIES = 2_000
const BATCH_BYTES = 16 << 20

/** An entry that is told once it is on the disk, or could not be put there. */
export interface PendingEntry extends NewJournalEntry {
  written(error: Error | undefined, seq: number): void
}

export interface EmbeddedJournalWriter extends JournalWriter {
  /** As `append`, without a promise for each message. */
  put(entry: PendingEntry): void
  /** The newest number on disk. */
  head(): number
  /** Called after each commit; returns the unsubscribe. */
  onHead(listener: () => void): () => void
  /** Messages that wait for a commit. */
  waiting(): number
  readonly engine: string
}

export interface JournalWriterOptions {
  readonly dataDir: string
  /** A segment is closed once it holds this much. */
  readonly segmentBytes?: number
  /** A segment is closed once it spans this long, so that old days can be given back. */
  readonly segmentMs?: number
  /** The worker died by itself: nothing can be appended any more. */
  readonly onFatal?: (error: Error) => void
}

/** @throws AppError `already-running` when another process writes this journal. */
export async function startJournalWriter(options: JournalWriterOptions): Promise<EmbeddedJournalWriter> {
  const folder = journalFolder(options.dataDir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = await takeLock(folder)
  const workerData: WriterWorkerOptions = {
    folder,
    segmentBytes: options.segmentBytes ?? 128 << 20,
    segmentMs: options.segmentMs ?? 24 * HOUR_MS,
  }
  const worker = new Worker(builtFile('broker/journal/writer-worker'), { workerData })
  const ready = await firstMessage(worker).catch(async (error: unknown) => {
    await lock.close()
    throw new AppError('journal-damaged', `The journal in ${folder} cannot be opened: ${String(error)}`, { cause: error })
  })
  let { head } = ready
  let queue: PendingEntry[] = []
  let inFlight: readonly PendingEntry[] = []
  let planned = false
  let dead: Error | undefined
  const listeners = new Set<() => void>()
  const idle: (() => void)[] = []

  const send = () => {
    planned = false
    if (inFlight.length > 0 || queue.length === 0) return
    let count = 0
    for (let bytes = 0; count < queue.length && count < BATCH_ENTRIES && bytes < BATCH_BYTES; count++)
      bytes += queue[count]!.payload.byteLength
    inFlight = queue.slice(0, count)
    queue = queue.slice(count)
    const batch = packBatch(inFlight)
    worker.postMessage({ type: 'batch', batch } satisfies ToWorker, buffersOf(batch))
  }
  const settle = (message: FromWorker) => {
    if (message.type !== 'committed' && message.type !== 'failed') return
    const batch = inFlight
    inFlight = []
    if (message.type === 'committed') {
      head = message.firstSeq + batch.length - 1
      send() // first: the worker writes while we acknowledge
      let seq = message.firstSeq
      for (const entry of batch) entry.written(undefined, seq++)
      for (const listener of listeners) listener()
    } else {
      const error = new AppError(message.full ? 'disk-full' : 'internal-error', `The journal could not write: ${message.message}`)
      // All that waits behind it fails too, so that whoever tries again keeps the order.
      for (const entry of [...batch, ...queue.splice(0)]) entry.written(error, 0)
      send()
    }
    if (inFlight.length === 0) for (const resolve of idle.splice(0)) resolve()
  }
  const fail = (error: Error) => {
    dead = error
    const lost = [...inFlight, ...queue]
    inFlight = queue = []
    for (const entry of lost) entry.written(error, 0)
    for (const resolve of idle.splice(0)) resolve()
    options.onFatal?.(error)
  }
  const put = (entry: PendingEntry) => {
    if (dead) {
      entry.written(dead, 0)
      return
    }
    queue.push(entry)
    if (planned || inFlight.length > 0) return
    planned = true
    queueMicrotask(send)
  }
  worker.on('message', settle)
  worker.once('error', fail)

  return {
    engine: ready.engine,
    head: () => head,
    waiting: () => queue.length + inFlight.length,
    onHead: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    put,
    append: (entry) => new Promise((resolve, reject) => put({ ...entry, written: (error, seq) => (error ? reject(error) : resolve(seq)) })),
    close: async () => {
      if (!dead) {
        if (queue.length + inFlight.length > 0) await new Promise<void>((resolve) => idle.push(resolve))
        dead = new AppError('broker-away', 'The journal is closed.')
        const exited = new Promise((resolve) => worker.once('exit', resolve))
        worker.postMessage({ type: 'close' } satisfies ToWorker)
        await exited
      }
      await lock.close()
    },
  }
}

function firstMessage(worker: Worker): Promise<FromWorker & { type: 'ready' }> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: FromWorker & { type: 'ready' }) => {
      worker.off('error', reject)
      resolve(message)
    })
    worker.once('error', reject)
  })
}
