/** Ten wrong passwords within five minutes for one address and user name, and that pair waits; nobody else notices. */
import { MINUTE_MS, type EpochMs } from '../../domain/clock.ts'

export const MOST_FAILURES = 10
export const WINDOW_MS = 5 * MINUTE_MS
/** Pairs remembered at once; the oldest goes first. */
const MOST_PAIRS = 10_000

export interface LoginLimit {
  isBlocked(pair: LoginPair, now: EpochMs): boolean
  /** Counted before the password is looked at, so that attempts in parallel do not slip through; taken back by `succeed`. */
  attempt(pair: LoginPair, now: EpochMs): void
  succeed(pair: LoginPair): void
}

export interface LoginPair {
  readonly address: string
  readonly username: string
}

export function createLoginLimit(): LoginLimit {
  const failures = new Map<string, readonly EpochMs[]>()
  const key = ({ address, username }: LoginPair) => `${address} ${username}`
  const recent = (pair: LoginPair, now: EpochMs) => (failures.get(key(pair)) ?? []).filter((at) => at > now - WINDOW_MS)
  return {
    isBlocked: (pair, now) => recent(pair, now).length >= MOST_FAILURES,
    attempt: (pair, now) => {
      const times = [...recent(pair, now), now]
      failures.delete(key(pair))
      failures.set(key(pair), times)
      if (failures.size > MOST_PAIRS) failures.delete(failures.keys().next().value!)
    },
    succeed: (pair) => void failures.delete(key(pair)),
  }
}
