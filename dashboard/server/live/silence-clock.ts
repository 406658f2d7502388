/** Counts the time in which a device could have been heard: the journal's ticks, without those during which the broker took nothing in. */
import { SECOND_MS, type EpochMs } from '../../../domain/clock.ts'
import type { Tick } from '../../../domain/system.ts'

export interface SilenceClock {
  /** Grows with `elapsedMs` while the broker takes messages in. */
  readonly ms: number
  readonly elapsedMs: number
  /** `at` of the newest tick; null before the first. */
  readonly tickAt: EpochMs | null
  readonly intake: boolean
  /** Where the last gap (broker down, or taking nothing in) ended: from there each device has one full interval of grace. */
  readonly graceFromMs: number
}

export const SILENT_START: SilenceClock = { ms: 0, elapsedMs: 0, tickAt: null, intake: true, graceFromMs: 0 }

/** One tick adds at most 2 s (`domain/system.ts`), whatever a damaged one says. */
const MOST_MS = 2 * SECOND_MS

export function stepClock(clock: SilenceClock, tick: Tick): SilenceClock {
  const passed = clock.tickAt === null ? 0 : Math.min(Math.max(0, tick.elapsedMs - clock.elapsedMs), MOST_MS)
  const ms = clock.ms + (tick.intake && clock.intake ? passed : 0)
  const resumed = tick.gapMs !== undefined || (tick.intake && !clock.intake)
  return { ms, elapsedMs: tick.elapsedMs, tickAt: tick.at, intake: tick.intake, graceFromMs: resumed ? ms : clock.graceFromMs }
}

/** How long a device last heard at `heardMs` has been silent, with the grace after a gap taken off. */
export function silenceMs(clock: SilenceClock, heard: { readonly heardMs: number; readonly intervalMs: number }): number {
  return clock.ms - Math.max(heard.heardMs, clock.graceFromMs - heard.intervalMs)
}
