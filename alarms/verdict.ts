/** What a compiled condition says, what it may ask, and what it is. */
import type { EpochMs } from '../domain/clock.ts'
import type { Slot, View } from './view.ts'

/** Unknown is neither: it raises nothing and ends nothing. */
export type Verdict = boolean | undefined

/** What a condition may ask beside what the device itself has said. */
export interface Surroundings {
  /** Nothing heard for so long, given in times of the expected interval or in ms. */
  silent(limit: { readonly intervals: number } | { readonly ms: number }): Verdict
  offline(): Verdict
  judged(name: string): Verdict
  /** Whether the condition of the device's alarm of this code holds and nothing holds it back. */
  hasAlarm(code: string): boolean
  /** What the estate's file says of the device under this name. */
  site(name: string): unknown
  /** Up to when the newest reading may be taken to hold: until the next one is due. */
  readonly holdsUntil: EpochMs
  /** The reading just applied came after more than twice the expected interval: what lay between is not known. */
  readonly afterGap: boolean
  /** Devices of the estate for which this rule's inner condition held, and when. */
  group(): Record<string, EpochMs>
  readonly device: string
  /** Look again when the device's time is this. */
  wakeAt(at: EpochMs): void
  /** Something is under way that the next message may decide, whatever it says. */
  underWay(): void
}

export type Evaluate = (view: View, slots: Slot[], at: EpochMs, around: Surroundings) => Verdict
