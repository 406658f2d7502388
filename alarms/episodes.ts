/** Remembers when a latching condition held, so that a message that comes late, or twice, about a time already told is no news. */
import type { EpochMs } from '../domain/clock.ts'
import type { RuleState } from './engine-state.ts'

const KEPT = 16

export function episodeBegins(state: RuleState, at: EpochMs): void {
  state.episodes = [...(state.episodes ?? []), [at, null] as [EpochMs, null]].slice(-KEPT)
}

export function episodeEnds(state: RuleState, at: EpochMs): void {
  const open = state.episodes?.findLast(([, to]) => to === null)
  if (open) open[1] = Math.max(open[0], at)
}

/** A late stream that goes on about a time just told widens it. @returns whether this instant was told already. */
export function isTold(state: RuleState, at: EpochMs, { nearMs }: { readonly nearMs: number }): boolean {
  for (const episode of state.episodes ?? []) {
    const [from, to] = episode
    if (at < from) continue
    if (to === null || at <= to) return true
    if (at - to <= nearMs) {
      episode[1] = at
      return true
    }
  }
  return false
}
