/** Counts that hold somebody back: wrong passwords for an address and user name, refusals kept for a credential, messages a second. Pure but for their own tables; the time comes in. */
import type { EpochMs } from '../domain/clock.ts'

export interface WindowLimit {
  /** Has this key used up its window? */
  isOver(key: string, now: EpochMs): boolean
  count(key: string, now: EpochMs): void
}

/** At most `limit` in each window of `windowMs`; at most `keys` keys are remembered, the oldest are forgotten first. */
export function createWindowLimit(options: { readonly limit: number; readonly windowMs: number; readonly keys?: number }): WindowLimit {
  const windows = new Map<string, { readonly startedAt: EpochMs; count: number }>()
  const current = (key: string, now: EpochMs) => {
    const window = windows.get(key)
    return window && now - window.startedAt < options.windowMs && now >= window.startedAt ? window : undefined
  }
  return {
    isOver: (key, now) => (current(key, now)?.count ?? 0) >= options.limit,
    count: (key, now) => {
      const window = current(key, now)
      if (window) {
        window.count++
        return
      }
      windows.delete(key)
      windows.set(key, { startedAt: now, count: 1 })
      if (windows.size > (options.keys ?? 100_000)) windows.delete(windows.keys().next().value!)
    },
  }
}

export interface Bucket {
  readonly tokens: number
  readonly at: EpochMs
}

export const RATE_PER_S = 2_000
export const BURST = 20_000

/** Takes one token; below zero the caller waits until the debt is paid back. */
export function takeToken(bucket: Bucket, now: EpochMs): { readonly bucket: Bucket; readonly waitMs: number } {
  const refilled = Math.min(BURST, bucket.tokens + (Math.max(0, now - bucket.at) * RATE_PER_S) / 1000)
  const tokens = refilled - 1
  return { bucket: { tokens, at: now }, waitMs: tokens >= 0 ? 0 : (-tokens * 1000) / RATE_PER_S }
}
