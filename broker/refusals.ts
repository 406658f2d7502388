/** Counts everything the broker refuses, by who and what; each minute the log says what is new. */
import { MINUTE_MS, type EpochMs } from '../domain/clock.ts'
import type { RefusalReason, RefusalStats } from '../domain/broker-stats.ts'
import type { Log } from '../log.ts'

/** Names that are remembered: a stranger can make up any number of them. */
const REMEMBERED = 2_000

export interface Refusals {
  count(username: string, what: RefusalReason, detail: string): void
  list(): readonly RefusalStats[]
  close(): void
}

interface Row {
  readonly username: string
  readonly what: RefusalReason
  count: number
  logged: number
  lastAt: EpochMs
  detail: string
}

export function startRefusals(options: { readonly log: Log; readonly now: () => EpochMs }): Refusals {
  const rows = new Map<string, Row>()
  const say = () => {
    for (const row of rows.values()) {
      if (row.count === row.logged) continue
      options.log.warn({ username: row.username, what: row.what, times: row.count - row.logged, total: row.count }, row.detail)
      row.logged = row.count
    }
  }
  const timer = setInterval(say, MINUTE_MS)
  timer.unref()
  return {
    count: (username, what, detail) => {
      const name = username.slice(0, 200)
      const key = `${what} ${name}`
      const row = rows.get(key) ?? { username: name, what, count: 0, logged: 0, lastAt: 0, detail }
      rows.delete(key) // the one refused last is the last to be forgotten
      rows.set(key, row)
      row.count++
      row.lastAt = options.now()
      row.detail = detail
      if (rows.size > REMEMBERED) rows.delete(rows.keys().next().value!)
    },
    list: () => [...rows.values()].map(({ username, what, count, lastAt, detail }) => ({ username, what, count, lastAt, detail })),
    close: () => {
      clearInterval(timer)
      say()
    },
  }
}
