/** How far each consumer of the journal has committed: nothing is cut before all have passed, except past one that somebody has declared gone. */
import type { BrokerDb } from './broker-db.ts'

/** Consumers without which nothing of the journal may go. */
const REQUIRED = ['ingest', 'alarms', 'dashboard']
const GONE_KEY = 'gone-consumers'

export interface ConsumerPlace {
  readonly name: string
  /** Undefined while it has never reported. */
  readonly cursor: number | undefined
  readonly isGone: boolean
}

export interface Consumers {
  /** It has committed up to there. One that was declared gone is back once its cursor is another than it was then. */
  committed(name: string, cursor: number): void
  /** @returns false for a name that nobody knows. */
  declareGone(name: string): boolean
  list(): readonly ConsumerPlace[]
  /** The number that all have passed; undefined while one of ours has never reported. */
  passedByAll(): number | undefined
}

export function openConsumers(db: BrokerDb): Consumers {
  const cursors = db.consumers()
  const gone = new Map(Object.entries(db.getState<Record<string, number | null>>(GONE_KEY) ?? {}))
  const keepGone = () => db.putState(GONE_KEY, Object.fromEntries(gone))
  const names = () => [...new Set([...REQUIRED, ...cursors.keys()])]
  return {
    committed: (name, cursor) => {
      if (gone.has(name) && gone.get(name) !== cursor) {
        gone.delete(name)
        keepGone()
      }
      if (cursors.get(name) === cursor) return
      cursors.set(name, cursor)
      db.putConsumer(name, cursor)
    },
    declareGone: (name) => {
      if (!names().includes(name)) return false
      gone.set(name, cursors.get(name) ?? null)
      keepGone()
      return true
    },
    list: () => names().map((name) => ({ name, cursor: cursors.get(name), isGone: gone.has(name) })),
    passedByAll: () => {
      const waitedFor = names().filter((name) => !gone.has(name))
      const places = waitedFor.map((name) => cursors.get(name))
      return places.includes(undefined) ? undefined : Math.min(...(places as readonly number[]))
    },
  }
}
