/** Follows the journal into the live state, says how far it is behind, and writes down once a second where it is. */
import { MINUTE_MS, SECOND_MS, type Clock } from '../../../domain/clock.ts'
import type { BrokerLink, JournalReader } from '../../../domain/journal.ts'
import type { LatestRow } from '../../../domain/telemetry.ts'
import { startConsumer } from '../../../broker/journal/consumer.ts'
import type { Log } from '../../../log.ts'
import type { DeviceRecord } from './device-record.ts'
import type { LiveState } from './live-state.ts'
import type { LiveStore } from './live-store.ts'

/** So far behind, nothing is known any more. */
export const BEHIND_MS = MINUTE_MS
/** Caught up again, with room before the next time. */
const NEAR_MS = 5 * SECOND_MS
const SAVE_MS = SECOND_MS
const SLICE = 500

export interface Follower {
  /** Entries not yet seen, and the age of the oldest of them. */
  lag(): { readonly entries: number; readonly ageMs: number }
  cursor(): number
  close(): Promise<void>
}

export interface FollowerOptions {
  readonly journal: JournalReader
  readonly broker: BrokerLink
  readonly live: LiveState
  readonly store: LiveStore
  readonly clock: Clock
  readonly log: Log
  /** The newest; in force before the first entry that is read where nothing was written down. */
  readonly startRevision: () => number | undefined
  readonly estatesAt: (revision: number) => ReturnType<LiveState['set']>
  /** The latest state in the telemetry store, asked for when this server starts far behind; undefined when the store cannot say. */
  readonly latest: (estate: string) => Promise<readonly LatestRow[] | undefined>
  readonly onCaughtUp: () => void
}

export async function startFollower(options: FollowerOptions): Promise<Follower> {
  const { journal, live, store, clock, log } = options
  const saved = store.read()
  for (const [username, client] of saved.clients) live.clients.restore(username, client)
  const cursor = saved.cursor ?? journal.first() - 1
  const revision = saved.revision || (options.startRevision() ?? 0)
  const set = options.estatesAt(revision)
  const oldest = journal.read(cursor, 1)[0]
  const isFarBehind = oldest !== undefined && clock() - oldest.receivedAt > BEHIND_MS
  const newest = options.estatesAt(options.startRevision() ?? revision)
  const records = isFarBehind ? await addLatest(saved.records, [...newest.estates.keys()], options.latest) : saved.records
  live.restore({ ...saved, records })
  live.setEstates(set)
  let savedCursor = cursor

  const caughtUp = () => {
    if (!live.catchingUp()) return
    live.setCatchingUp(false)
    options.onCaughtUp()
  }
  const consumer = startConsumer({
    journal,
    cursor,
    sliceSize: SLICE,
    log,
    report: { link: options.broker, name: 'dashboard', cursor: () => savedCursor },
    onGap: ({ from, to }) => log.warn({ from, to }, 'journal entries are missing'),
    handle: (entries) => {
      for (const entry of entries) live.apply(entry)
      const last = entries.at(-1)
      if (!last) return
      const ageMs = clock() - last.receivedAt
      if (last.seq >= journal.head() || ageMs < NEAR_MS) caughtUp()
      else if (ageMs > BEHIND_MS) live.setCatchingUp(true)
    },
  })
  if (!oldest) caughtUp()

  let saving: Promise<void> = Promise.resolve()
  const save = () => {
    const at = consumer.cursor()
    saving = saving
      .then(() => store.write(live, at))
      .then(() => void (savedCursor = at))
      .catch((error: unknown) => log.error({ err: error }, 'the live state could not be written; it will be'))
  }
  const timer = setInterval(save, SAVE_MS)
  return {
    lag: () => consumer.lag(clock()),
    cursor: () => consumer.cursor(),
    close: async () => {
      clearInterval(timer)
      await consumer.close()
      save()
      await saving
    },
  }
}

/** Values of the store where they are newer than what was written down; how each device is now, the journal will say. */
async function addLatest(
  records: ReadonlyMap<string, DeviceRecord>,
  estates: readonly string[],
  latest: FollowerOptions['latest'],
): Promise<ReadonlyMap<string, DeviceRecord>> {
  const merged = new Map(records)
  for (const estate of estates)
    for (const { kind, device, ts, values } of (await latest(estate)) ?? []) {
      const key = `${estate}/${kind}/${device}`
      const known = merged.get(key)
      if ((known?.telemetryAt ?? -1) >= ts) continue
      const before = known ?? { receivedAt: 0, availabilityAt: null, eventsAt: {}, saidOffline: false, via: '', heardSeq: 0, heardMs: 0 }
      merged.set(key, {
        ...before,
        values: { ...known?.values, ...values },
        telemetryAt: ts,
        observedAt: Math.max(known?.observedAt ?? 0, ts),
        receivedAt: Math.max(before.receivedAt, ts),
      })
    }
  return merged
}
