/** A journal, records and a store in memory, whose troubles a test decides. */
import { pino } from 'pino'
import type { Estate } from '../../domain/estate.ts'
import { AppError } from '../../domain/errors.ts'
import type { JournalEntry, JournalReader } from '../../domain/journal.ts'
import type { RefusedPoint, TelemetryPoint, TelemetryStore } from '../../domain/telemetry.ts'
import type { RecordsReader } from '../../storage/records-reader.ts'

export const silentLog = pino({ level: 'silent' })

export interface FakeJournal extends JournalReader {
  append(topic: string, payload: unknown, options?: { readonly client?: string; readonly receivedAt?: number }): number
  /** Removes the oldest entries, as the broker does with whole segments. */
  cutBefore(seq: number): void
}

export function makeJournal(): FakeJournal {
  const entries: JournalEntry[] = []
  const listeners = new Set<() => void>()
  let head = 0
  return {
    head: () => head,
    first: () => entries[0]?.seq ?? head + 1,
    read: (cursor, limit) => {
      const first = entries[0]?.seq ?? head + 1
      return entries.slice(Math.max(0, cursor + 1 - first), Math.max(0, cursor + 1 - first) + limit)
    },
    onHead: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: async () => undefined,
    append: (topic, payload, { client = topic.startsWith('system/') ? 'system' : 'gw.e.g', receivedAt = Date.now() } = {}) => {
      head++
      const bytes = payload instanceof Uint8Array ? payload : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
      entries.push({ seq: head, receivedAt, client, topic, payload: bytes })
      for (const listener of listeners) listener()
      return head
    },
    cutBefore: (seq) => void entries.splice(0, seq - (entries[0]?.seq ?? seq)),
  }
}

/** Estate `e` with the devices given as `kind/id`; each call of `set` is a new revision. */
export function makeRecords(devices: readonly string[]): RecordsReader & { set(devices: readonly string[]): number } {
  const revisions: Estate[] = []
  const set = (list: readonly string[]) =>
    revisions.push({
      id: 'e',
      name: 'e',
      bearingDeg: 0,
      plan: { type: 'FeatureCollection', features: [] },
      blocks: [],
      lifts: [],
      people: [],
      duties: [],
      devices: list.map((name) => ({ kind: name.split('/')[0]!, id: name.split('/')[1]!, name, site: {} })),
    })
  set(devices)
  return {
    set,
    newestRevision: () => revisions.length,
    estatesAt: (revision) => ({ revision, estates: new Map([['e', revisions[revision - 1]!]]) }),
    close: () => undefined,
  }
}

export interface FakeStore extends TelemetryStore {
  readonly points: Map<string, TelemetryPoint>
  /** Calls of `write` so far, whether they went well or not. */
  writes(): number
  down: boolean
  delayMs: number
  refuse: (point: TelemetryPoint) => boolean
  /** What a store that came back from a copy, or empty, has. */
  restore(points: ReadonlyMap<string, TelemetryPoint>, cursor: number | undefined): void
  largest(): number
}

export function makeStore(): FakeStore {
  let kept: number | undefined
  let writes = 0
  let largest = 0
  const store: FakeStore = {
    name: 'sqlite',
    points: new Map<string, TelemetryPoint>(),
    writes: () => writes,
    largest: () => largest,
    down: false,
    delayMs: 0,
    refuse: () => false,
    restore: (points, cursor) => {
      store.points.clear()
      for (const [key, point] of points) store.points.set(key, point)
      kept = cursor
    },
    write: async (points, cursor) => {
      writes++
      if (store.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, store.delayMs))
      if (store.down) throw new AppError('store-down')
      largest = Math.max(largest, points.length)
      const refused: RefusedPoint[] = []
      for (const point of points)
        if (store.refuse(point)) refused.push({ point, detail: 'no' })
        else store.points.set(`${point.measurement}/${point.device}/${point.ts}`, point)
      kept = cursor
      return refused
    },
    cursor: async () => {
      if (store.down) throw new AppError('store-down')
      return kept
    },
    history: async () => ({}),
    latest: async () => [],
    maintain: async () => undefined,
    close: async () => undefined,
  }
  return store
}
