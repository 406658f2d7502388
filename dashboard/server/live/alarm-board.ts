/** The alarms that are not closed, kept from the engine's transitions; a repeated or older transition changes nothing. */
import { isStanding, SYSTEM_KIND, type Alarm } from '../../../domain/alarm.ts'
import type { EpochMs } from '../../../domain/clock.ts'

/** Closed ids remembered, so that the engine's repeats after its restart do not raise them again here. */
const CLOSED_KEPT = 10_000

export interface AlarmBoard {
  /** @returns false for a transition that is known already. */
  apply(alarm: Alarm): boolean
  find(id: string): Alarm | undefined
  /** Of an estate; faults of the system itself belong to every desk. Newest first. */
  of(estate: string): readonly Alarm[]
  all(): Iterable<Alarm>
  count(estate: string): AlarmCounts
}

export interface AlarmCounts {
  readonly standing: { readonly p1: number; readonly p2: number; readonly p3: number }
  readonly unacknowledged: { readonly p1: number; readonly p2: number; readonly p3: number }
  readonly oldestUnacknowledgedAt: EpochMs | null
}

export function createAlarmBoard(): AlarmBoard {
  const open = new Map<string, Alarm>()
  const closed = new Map<string, number>() // id → transition
  return {
    apply: (alarm) => {
      const known = open.get(alarm.id)?.transition ?? closed.get(alarm.id) ?? 0
      if (alarm.transition <= known) return false
      if (alarm.state === 'closed') {
        open.delete(alarm.id)
        closed.set(alarm.id, alarm.transition)
        if (closed.size > CLOSED_KEPT) closed.delete(closed.keys().next().value!)
      } else {
        closed.delete(alarm.id)
        open.set(alarm.id, alarm)
      }
      return true
    },
    find: (id) => open.get(id),
    of: (estate) => [...open.values()].filter((alarm) => concerns(alarm, estate)).sort((a, b) => b.raisedAt - a.raisedAt),
    all: () => open.values(),
    count: (estate) => countAlarms([...open.values()].filter((alarm) => alarm.estate === estate)),
  }
}

/** Is this alarm shown on the desk of this estate? */
export function concerns(alarm: Alarm, estate: string): boolean {
  return alarm.estate === estate || alarm.kind === SYSTEM_KIND
}

function countAlarms(alarms: readonly Alarm[]): AlarmCounts {
  const by = (counted: readonly Alarm[]) => ({
    p1: counted.filter(({ priority }) => priority === 1).length,
    p2: counted.filter(({ priority }) => priority === 2).length,
    p3: counted.filter(({ priority }) => priority === 3).length,
  })
  const unacknowledged = alarms.filter(({ state }) => state === 'unacknowledged')
  return {
    standing: by(alarms.filter(isStanding)),
    unacknowledged: by(unacknowledged),
    oldestUnacknowledgedAt: unacknowledged.length > 0 ? Math.min(...unacknowledged.map(({ raisedAt }) => raisedAt)) : null,
  }
}
