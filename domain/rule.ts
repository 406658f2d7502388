/** An alarm rule as data: which devices, what condition, how long, how urgent, and what the guard is told to do first. */
import type { Words } from './words.ts'

/** Evaluated per device; unknown (field never heard) is neither true nor false. */
export type Condition =
  | { readonly field: string; readonly above: number; readonly deadband?: number }
  | { readonly field: string; readonly below: number; readonly deadband?: number }
  | { readonly field: string; readonly is: string | number | boolean; readonly forMs?: number }
  | { readonly silentForMs: number }
  /** Ours: above so many times the usual value, the median of the last 49 that were not; `inRow` of them one after the other. A value counts once each time `per` moves on, where it is heard, otherwise when it changes. */
  | { readonly field: string; readonly aboveMedian: number; readonly inRow: number; readonly per?: string }
  /** Ours: above so many times what the estate's file says of the device under `ofSite`; where it says nothing, above `above`. */
  | { readonly field: string; readonly above: number; readonly deadband?: number; readonly times: number; readonly ofSite: string }
  | { readonly field: string; readonly changesBy: number; readonly withinMs: number }
  | { readonly field: string; readonly is: string | number | boolean; readonly atLeast: number; readonly withinMs: number }
  | { readonly devices: number; readonly when: Condition; readonly withinMs: number }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  /** Ours: an event of this code is active. */
  | { readonly event: string }
  /** Ours: an event code and the telemetry that says the same are one condition; the newer `ts` decides. `order` lists the field's words from the worst: a worse one hides this one and says nothing about it. */
  | { readonly event: string; readonly field: string; readonly is: string; readonly order?: readonly string[] }
  /** Ours: the same for any condition on telemetry: the newer of the event and the fields named in `says` decides. */
  | { readonly event: string; readonly says: Condition }
  /** Ours: an event of this code is active and no later telemetry shows that it is over. */
  | { readonly event: string; readonly endedBy: Condition }
  /** Ours: nothing heard for `times` × the kind's expected interval. */
  | { readonly silentIntervals: number }
  /** Ours: the device (or its will) said `offline`. */
  | { readonly offline: true }
  /** Ours: negation; unknown stays unknown. */
  | { readonly not: Condition }
  /** Ours: this field has never been heard. */
  | { readonly unheard: string }
  /** Ours: true unless the condition is known to hold; a field never heard is no excuse. */
  | { readonly unless: Condition }
  /** Ours: the condition has held for this long without a break. A change of a field in `unchanged` begins it anew; `confirmed` counts only from reading to reading, never the wait for the next one. */
  | { readonly held: Condition; readonly forMs: number; readonly unchanged?: readonly string[]; readonly confirmed?: boolean }
  /** Ours: the condition of the device's alarm of this code holds and is not held back. Only of rules before this one. */
  | { readonly alarm: string }
  /** Ours: something judged by the engine from several devices or connections, named in `alarms/`. */
  | { readonly judged: string }

export type Priority = 1 | 2 | 3

export interface AlarmRule {
  readonly id: string
  /** The alarm code it raises. */
  readonly code: string
  readonly name: Words
  readonly kind: string
  readonly where: { readonly estate?: string; readonly device?: string; readonly tag?: string; readonly use?: string }
  readonly when: Condition
  readonly onDelayMs: number
  readonly offDelayMs: number
  readonly latch: boolean
  /** Highly managed: neither shelved nor acknowledged in bulk (ISA-18.2). */
  readonly highlyManaged?: boolean
  readonly priority: Priority
  /** The first whose condition holds replaces `priority`. */
  readonly priorityWhen?: readonly { readonly priority: Priority; readonly when: Condition }[]
  /** While one of them holds the alarm is suppressed by design; the words say by what. */
  readonly suppressedWhen?: readonly { readonly when: Condition; readonly by: Words }[]
  /** Fields of the newest reading that belong into the alarm's `detail`, beside those of the condition. */
  readonly show?: readonly string[]
  readonly text: Words
  readonly instruction: Words
  readonly tell: { readonly responsible: boolean; readonly decisionMaker: boolean }
  readonly enabled: boolean
  readonly version: number
}
