/** An alarm as everyone outside the engine sees it (ISA-18.2 words). */
import type { EpochMs } from './clock.ts'
import type { FieldValue } from './device-kind.ts'
import type { Priority } from './rule.ts'
import type { Words } from './words.ts'

export const ALARM_STATES = [
  'unacknowledged', // the condition holds, nobody has taken it
  'acknowledged', // somebody has
  'returned', // it went away before anyone acknowledged
  'latched', // it went away and waits for a reset
  'shelved',
  'suppressed',
  'out-of-service',
  'closed',
] as const
export type AlarmState = (typeof ALARM_STATES)[number]

export interface Alarm {
  /** Derives from journal number, rule and device, so that evaluating an entry twice gives the same id. */
  readonly id: string
  /** Counts up by one with each change. */
  readonly transition: number
  readonly estate: string
  readonly kind: string
  readonly device: string
  readonly code: string
  readonly priority: Priority
  readonly state: AlarmState
  /** Raised by a message that came late; `detail.observed_at` says when it was seen. */
  readonly late: boolean
  readonly raisedAt: EpochMs
  readonly returnedAt: EpochMs | null
  readonly acknowledgedAt: EpochMs | null
  readonly acknowledgedBy: string | null
  readonly shelved: { readonly by: string; readonly until: EpochMs; readonly reason: string } | null
  readonly suppressedBy: Words | null
  /** Ids of people in the estate's file. */
  readonly responsible: string | null
  readonly decisionMaker: string | null
  /** Plain facts of the moment it was raised: `chainage_m`, `scheme`, `code`, the value and its limit. */
  readonly detail: Readonly<Record<string, FieldValue>>
  readonly comments: readonly { readonly at: EpochMs; readonly who: string; readonly text: string }[]
}

/** The estate and kind that alarms of the system itself bear (`disk-low`, `journal-gap`, …): they belong to every desk. */
export const SYSTEM_ESTATE = 'system'
export const SYSTEM_KIND = 'system'

export type AlarmActionName = 'acknowledge' | 'shelve' | 'unshelve' | 'reset' | 'assign' | 'comment'

/** Standing = on the desk and making itself felt: the first four states. */
export function isStanding(alarm: Pick<Alarm, 'state'>): boolean {
  return ALARM_STATES.indexOf(alarm.state) < 4
}
