/** Conditions on an event, alone or beside the telemetry that says the same: the newer of the two decides. */
import type { EpochMs } from '../domain/clock.ts'
import type { Condition } from '../domain/rule.ts'
import type { Evaluate, Surroundings, Verdict } from './verdict.ts'
import { eventState, type View } from './view.ts'

export function isActive(event: string): Evaluate {
  return (view, _slots, _at, around) => heard(view, event, around)?.[0] ?? false // what was never said does not happen
}

/** Once an event was heard, each reading may be newer than it. */
function heard(view: View, event: string, around: Surroundings): [boolean, EpochMs] | undefined {
  const state = eventState(view, event)
  if (state) around.underWay()
  return state
}

function newestOf(view: View, fields: readonly string[]): EpochMs {
  return Math.max(0, ...fields.map((field) => view.fields[field]?.[1] ?? 0))
}

/** The newer of two statements; of one instant, the worse. */
function newer(event: [boolean, EpochMs] | undefined, telemetry: [boolean, EpochMs] | undefined): Verdict {
  if (!event || !telemetry) return (event ?? telemetry)?.[0]
  if (event[1] === telemetry[1]) return event[0] || telemetry[0]
  return (event[1] > telemetry[1] ? event : telemetry)[0]
}

export function newerOf(event: string, says: Evaluate, { fields }: { readonly fields: readonly string[] }): Evaluate {
  return (view, slots, at, around) => {
    const said = says(view, slots, at, around)
    return newer(heard(view, event, around), said === undefined ? undefined : [said, newestOf(view, fields)])
  }
}

/** A field that shows the worst of several troubles says nothing about the lesser ones: what was known of them stays. */
export function shownBy(condition: Extract<Condition, { event: string; field: string }>, slot: number): Evaluate {
  const { event, field, is: word, order = [] } = condition
  const rank = order.indexOf(word)
  return (view, slots, _at, around) => {
    const state = view.fields[field]
    if (state) {
      const place = order.indexOf(String(state[0]))
      if (state[0] === word) slots[slot] = [true, state[1]]
      else if (rank < 0 || place < 0 || place > rank) slots[slot] = [false, state[1]]
    }
    return newer(heard(view, event, around), (slots[slot] as [boolean, EpochMs] | null | undefined) ?? undefined)
  }
}

/** Once shown to be over, an event stays over until it comes anew. */
export function endedBy(
  event: string,
  ending: Evaluate,
  { fields, slot }: { readonly fields: readonly string[]; readonly slot: number },
): Evaluate {
  return (view, slots, at, around) => {
    const over = ending(view, slots, at, around)
    const state = heard(view, event, around)
    if (!state?.[0]) return false
    if (over === true && newestOf(view, fields) > state[1]) slots[slot] = state[1]
    return slots[slot] !== state[1]
  }
}
