/** Stands in for the broker while a recording is replayed: a worker thread that gives the entries to a journal at the recording's pace, times kept, and opens the door to the other roles. */
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { pino } from 'pino'
import { SECOND_MS, type EpochMs } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import { SYSTEM_CLIENT, SYSTEM_TOPICS, type Tick } from '../domain/system.ts'
import { startDoor } from './door.ts'
import { isReplayed, readRecording } from './journal/recording.ts'
import { startJournalWriter } from './journal/writer.ts'

export interface ReplayWork {
  readonly dataDir: string
  readonly file: string
  readonly speed: number
  /** Instant of its first entry. */
  readonly firstAt: EpochMs
  /** A recording without ticks gets its own, from its instants. */
  readonly hasTicks: boolean
}
export type ToReplay = { readonly type: 'play' } | { readonly type: 'close' }
export type FromReplay =
  | { readonly type: 'ready' }
  | { readonly type: 'at'; readonly at: EpochMs; readonly entries: number; readonly head: number }
  | { readonly type: 'done'; readonly at: EpochMs; readonly entries: number; readonly head: number }
  | { readonly type: 'failed'; readonly message: string }

const MOST_WAITING = 2000
const TELL_EVERY_MS = 500

const { dataDir, file, speed, firstAt, hasTicks } = workerData as ReplayWork
const port = parentPort!
const say = (message: FromReplay) => port.postMessage(message)
/** The recording's now: what our own roles append is of this instant. */
let now = firstAt
let entries = 0
let stopped = false

const journal = await startJournalWriter({ dataDir })
const append = (topic: string, payload: unknown) =>
  journal.append({ receivedAt: now, client: SYSTEM_CLIENT, topic, payload: Buffer.from(JSON.stringify(payload)) })
const door = await startDoor({
  dataDir,
  journal,
  log: pino({ level: 'silent' }),
  append: (topic, payload) => {
    if (!topic.startsWith('system/')) throw new AppError('bad-request', 'Only system/… is appended over the door.')
    return append(topic, payload)
  },
  requests: { credentials: () => ({ disconnected: 0 }), committed: () => null },
})
port.on('message', (message: ToReplay) => {
  if (message.type === 'play')
    play().catch((error: unknown) => say({ type: 'failed', message: error instanceof Error ? error.message : String(error) }))
  else void close()
})
say({ type: 'ready' })

async function play(): Promise<void> {
  const startedAt = performance.now()
  let toldAt = startedAt
  let nextTickAt = firstAt
  let last: Promise<unknown> = Promise.resolve()
  const waitFor = async (at: EpochMs) => {
    const dueInMs = (at - firstAt) / speed - (performance.now() - startedAt)
    if (dueInMs > 1) await sleep(dueInMs)
    now = Math.max(now, at)
    if (journal.waiting() >= MOST_WAITING) await last
    if (performance.now() - toldAt < TELL_EVERY_MS) return
    toldAt = performance.now()
    say({ type: 'at', at: now, entries, head: journal.head() })
  }
  for await (const entry of readRecording(file)) {
    if (stopped) return
    if (!isReplayed(entry)) continue
    for (; !hasTicks && nextTickAt <= entry.receivedAt; nextTickAt += SECOND_MS) {
      await waitFor(nextTickAt)
      last = append(SYSTEM_TOPICS.tick, { v: 1, at: nextTickAt, elapsedMs: nextTickAt - firstAt, intake: true } satisfies Tick)
    }
    await waitFor(entry.receivedAt)
    last = journal.append(entry)
    entries++
  }
  await last
  say({ type: 'done', at: now, entries, head: journal.head() })
}

async function close(): Promise<void> {
  stopped = true
  await door.close()
  await journal.close()
  port.close()
}
