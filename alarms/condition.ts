/** Turns a rule's condition into a function that says true, false or unknown of a device at an instant, remembering only plain data. */
import type { EpochMs } from '../domain/clock.ts'
import type { FieldValue } from '../domain/device-kind.ts'
import type { Condition } from '../domain/rule.ts'
import { endedBy, isActive, newerOf, shownBy } from './event-condition.ts'
import { aboveMedian } from './median-condition.ts'
import type { Evaluate, Verdict } from './verdict.ts'

/** Slots are numbered in the order of the condition's parts, so that the same rule finds its memory again. */
export function compileCondition(condition: Condition, slot: { next: number } = { next: 0 }): Evaluate {
  if ('all' in condition) return all(condition.all.map((part) => compileCondition(part, slot)))
  if ('any' in condition) return any(condition.any.map((part) => compileCondition(part, slot)))
  if ('not' in condition) return not(compileCondition(condition.not, slot))
  if ('unless' in condition) {
    const inner = compileCondition(condition.unless, slot)
    return (view, slots, at, around) => inner(view, slots, at, around) !== true
  }
  if ('held' in condition) return held(compileCondition(condition.held, slot), condition, slot.next++)
  if ('alarm' in condition) return (_view, _slots, _at, around) => around.hasAlarm(condition.alarm)
  if ('judged' in condition) return (_view, _slots, _at, around) => around.judged(condition.judged)
  if ('offline' in condition) return (_view, _slots, _at, around) => around.offline()
  if ('silentForMs' in condition) return (_view, _slots, _at, around) => around.silent({ ms: condition.silentForMs })
  if ('silentIntervals' in condition) return (_view, _slots, _at, around) => around.silent({ intervals: condition.silentIntervals })
  if ('unheard' in condition) return (view) => view.fields[condition.unheard] === undefined
  if ('devices' in condition) return several(compileCondition(condition.when, slot), condition, slot.next++)
  if ('event' in condition) return compileEvent(condition, slot)
  if ('aboveMedian' in condition) return aboveMedian(condition, slot.next++)
  if ('ofSite' in condition) return siteLimit(condition, slot.next++)
  if ('above' in condition)
    return limit(condition.field, condition.above, { sign: 1, deadband: condition.deadband ?? 0, slot: slot.next++ })
  if ('below' in condition)
    return limit(condition.field, condition.below, { sign: -1, deadband: condition.deadband ?? 0, slot: slot.next++ })
  if ('changesBy' in condition) return changes(condition, slot.next++)
  if ('atLeast' in condition) return often(condition, slot.next++)
  const same = is(condition.field, condition.is)
  return condition.forMs === undefined ? same : held(same, { forMs: condition.forMs }, slot.next++)
}

/** The fields a condition looks at. */
export function fieldsOf(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(fieldsOf)
  if ('any' in condition) return condition.any.flatMap(fieldsOf)
  if ('not' in condition) return fieldsOf(condition.not)
  if ('unless' in condition) return fieldsOf(condition.unless)
  if ('held' in condition) return fieldsOf(condition.held)
  if ('devices' in condition) return fieldsOf(condition.when)
  if ('says' in condition) return fieldsOf(condition.says)
  if ('endedBy' in condition) return fieldsOf(condition.endedBy)
  if ('aboveMedian' in condition && condition.per !== undefined) return [condition.field, condition.per]
  return 'field' in condition ? [condition.field] : []
}

/** Does it ask for silence? */
export function isTimed(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(isTimed)
  if ('any' in condition) return condition.any.some(isTimed)
  if ('not' in condition) return isTimed(condition.not)
  if ('unless' in condition) return isTimed(condition.unless)
  if ('held' in condition) return isTimed(condition.held)
  if ('devices' in condition) return isTimed(condition.when)
  return 'silentForMs' in condition || 'silentIntervals' in condition
}

// Every part is looked at, also when the verdict is plain already: each keeps its own memory.
function all(parts: readonly Evaluate[]): Evaluate {
  return (view, slots, at, around) => {
    let verdict: Verdict = true
    for (const part of parts) {
      const said = part(view, slots, at, around)
      if (said === false) verdict = false
      else if (said === undefined && verdict) verdict = undefined
    }
    return verdict
  }
}

// What is not known of one part does not matter where another is known: an event that is over is over, also without telemetry.
function any(parts: readonly Evaluate[]): Evaluate {
  return (view, slots, at, around) => {
    let verdict: Verdict
    for (const part of parts) {
      const said = part(view, slots, at, around)
      if (said !== undefined) verdict = verdict === true || said
    }
    return verdict
  }
}

function not(inner: Evaluate): Evaluate {
  return (view, slots, at, around) => {
    const said = inner(view, slots, at, around)
    return said === undefined ? undefined : !said
  }
}

function is(field: string, value: FieldValue): Evaluate {
  return (view) => {
    const state = view.fields[field]
    return state && state[0] === value
  }
}

/** Above (`sign` 1) or below (-1) a limit; once true it stays so until the value is back by the deadband. */
function limit(
  field: string,
  edge: number,
  options: { readonly sign: 1 | -1; readonly deadband: number; readonly slot: number },
): Evaluate {
  const { sign, deadband, slot } = options
  return (view, slots) => {
    const value = view.fields[field]?.[0]
    if (typeof value !== 'number') return undefined
    const beyond = sign * (value - edge)
    const verdict = beyond > 0 || (slots[slot] === true && beyond > -deadband)
    slots[slot] = verdict
    return verdict
  }
}

/** The limit of this one device, by its place in the estate's file. */
export function limitOfSite({ above, times }: Extract<Condition, { ofSite: string }>, said: unknown): number {
  return typeof said === 'number' ? said * times : above
}

function siteLimit(condition: Extract<Condition, { ofSite: string }>, slot: number): Evaluate {
  return (view, slots, _at, around) => {
    const value = view.fields[condition.field]?.[0]
    if (typeof value !== 'number') return undefined
    const edge = limitOfSite(condition, around.site(condition.ofSite))
    const deadband = ((condition.deadband ?? 0) * edge) / condition.above
    const verdict = value > edge || (slots[slot] === true && value > edge - deadband)
    slots[slot] = verdict
    return verdict
  }
}

interface HeldSlot {
  since: EpochMs
  /** `null` where the field was never heard: what JSON keeps over a restart. */
  marks: (FieldValue | null)[]
}

function held(
  inner: Evaluate,
  options: { readonly forMs: number; readonly unchanged?: readonly string[]; readonly confirmed?: boolean },
  slot: number,
): Evaluate {
  const { forMs, unchanged = [], confirmed = false } = options
  return (view, slots, at, around) => {
    const said = inner(view, slots, at, around)
    if (said !== true) {
      slots[slot] = null
      return said
    }
    around.underWay()
    const marks = unchanged.map((field) => view.fields[field]?.[0] ?? null)
    let memory = slots[slot] as HeldSlot | null | undefined
    if (!memory || around.afterGap || marks.some((mark, i) => mark !== memory!.marks[i])) slots[slot] = memory = { since: at, marks }
    const until = confirmed ? view.telemetryAt : Math.min(at, around.holdsUntil)
    if (until - memory.since >= forMs) return true
    if (!confirmed && memory.since + forMs <= around.holdsUntil) around.wakeAt(memory.since + forMs)
    return false
  }
}

const MOST_SAMPLES = 256

function changes(condition: Extract<Condition, { changesBy: number }>, slot: number): Evaluate {
  const { field, changesBy, withinMs } = condition
  return (view, slots, at, around) => {
    const state = view.fields[field]
    if (!state || typeof state[0] !== 'number') return undefined
    around.underWay()
    const samples = (slots[slot] ??= []) as [EpochMs, number][]
    if (samples.at(-1)?.[0] !== state[1]) samples.push([state[1], state[0]])
    while (samples.length > MOST_SAMPLES || (samples.length > 0 && samples[0]![0] < at - withinMs)) samples.shift()
    let [least, most] = [Infinity, -Infinity]
    for (const [, value] of samples) {
      if (value < least) least = value
      if (value > most) most = value
    }
    const verdict = most - least >= changesBy
    if (verdict) around.wakeAt(samples[0]![0] + withinMs + 1)
    return verdict
  }
}

/** It became so at least so many times within the window. */
function often(condition: Extract<Condition, { atLeast: number }>, slot: number): Evaluate {
  const { field, is: value, atLeast, withinMs } = condition
  return (view, slots, at, around) => {
    const state = view.fields[field]
    if (!state) return undefined
    const memory = (slots[slot] as { last: FieldValue; times: EpochMs[] } | undefined) ?? { last: state[0], times: [] }
    if (state[0] === value && memory.last !== value) memory.times.push(state[1])
    memory.last = state[0]
    memory.times = memory.times.filter((ts) => ts > at - withinMs).slice(-Math.max(64, atLeast))
    slots[slot] = memory
    const verdict = memory.times.length >= atLeast
    if (verdict) around.wakeAt(memory.times[memory.times.length - atLeast]! + withinMs)
    return verdict
  }
}

/** So many devices of the estate began it within the window; the last of them bears the alarm. */
function several(inner: Evaluate, condition: Extract<Condition, { devices: number }>, slot: number): Evaluate {
  return (view, slots, at, around) => {
    const said = inner(view, slots, at, around)
    const group = around.group()
    if (said !== true) {
      slots[slot] = null
      return said
    }
    around.underWay()
    if (slots[slot] !== true) group[around.device] = at
    slots[slot] = true
    const own = group[around.device] ?? at
    const together = Object.values(group).filter((ts) => ts <= own && own - ts <= condition.withinMs)
    return together.length >= condition.devices
  }
}

function compileEvent(condition: Extract<Condition, { event: string }>, slot: { next: number }): Evaluate {
  const { event } = condition
  if ('says' in condition) return newerOf(event, compileCondition(condition.says, slot), { fields: fieldsOf(condition.says) })
  if ('endedBy' in condition)
    return endedBy(event, compileCondition(condition.endedBy, slot), { fields: fieldsOf(condition.endedBy), slot: slot.next++ })
  if ('field' in condition) return shownBy(condition, slot.next++)
  return isActive(event)
}
