/** What is known of one device as its messages say it, in the device's own time; plain data, so that it can be kept over a restart. */
import type { EpochMs } from '../domain/clock.ts'
import type { FieldValue } from '../domain/device-kind.ts'
import type { DeviceEvent, Reading } from '../domain/reading.ts'
import { bitOf, type FieldBits } from './field-bits.ts'

/** Newest value, when it was seen, and since when it has been so. */
export type FieldState = [value: FieldValue, seenAt: EpochMs, since: EpochMs]

/** One event code: whether each of the wire codes that mean it is active, and since which `ts`. */
export type EventState = Record<string, [active: boolean, ts: EpochMs]>

/** What a condition must remember from one look to the next. */
export type Slot = unknown

export interface View {
  fields: Record<string, FieldState>
  events: Record<string, EventState>
  /** Further fields of the newest event of each code, e.g. `chainage_m`, with scheme and code on the wire. */
  eventFacts: Record<string, Record<string, FieldValue>>
  /** `observedAt` of the newest reading; 0 = none yet. */
  telemetryAt: EpochMs
  /** `observedAt` of the newest message of any channel; 0 = none yet. */
  newestAt: EpochMs
}

export function emptyView(): View {
  return { fields: {}, events: {}, eventFacts: {}, telemetryAt: 0, newestAt: 0 }
}

export function isLateReading(view: View, reading: Reading): boolean {
  return reading.observedAt < view.telemetryAt
}

/** Lateness of events is judged for each code by itself. */
export function isLateEvent(view: View, event: DeviceEvent): boolean {
  const ts = view.events[event.code]?.[wireKey(event)]?.[1]
  return ts !== undefined && event.observedAt < ts
}

/** @returns the bits of the fields that have a new value. */
export function applyReading(view: View, reading: Reading, bits: FieldBits): number {
  const at = reading.observedAt
  const { values } = reading
  const { fields } = view
  let changed = 0
  for (const name in values) {
    const value = values[name]!
    const known = fields[name]
    if (!known) {
      fields[name] = [value, at, at]
      changed |= bitOf(bits, name)
    } else {
      if (known[0] !== value) {
        changed |= bitOf(bits, name)
        known[0] = value
        known[2] = at
      }
      known[1] = at
    }
  }
  if (at > view.telemetryAt) view.telemetryAt = at
  if (at > view.newestAt) view.newestAt = at
  return changed
}

export function applyEvent(view: View, event: DeviceEvent): void {
  const at = event.observedAt
  const states = { ...view.events[event.code], [wireKey(event)]: [event.active, at] satisfies EventState[string] }
  view.events[event.code] = Object.keys(states).length > MOST_WIRE_CODES ? forgetOne(states) : states
  if (event.active)
    view.eventFacts[event.code] = {
      ...event.values,
      ...(event.scheme !== undefined && { scheme: event.scheme }),
      ...(event.wireCode !== undefined && { code: event.wireCode }),
    }
  if (at > view.newestAt) view.newestAt = at
}

/** A list has a few codes of one meaning; of a device that makes up new ones so many are remembered: what is over goes before what is not, the oldest first. */
const MOST_WIRE_CODES = 64

function forgetOne(states: EventState): EventState {
  const rank = ([active, ts]: EventState[string]) => (active ? Number.MAX_SAFE_INTEGER / 2 : 0) + ts
  const first = Object.keys(states).reduce((least, key) => (rank(states[key]!) < rank(states[least]!) ? key : least))
  return Object.fromEntries(Object.entries(states).filter(([key]) => key !== first))
}

/** "No fault" of a scheme ends every fault of that scheme that began before it. */
export function endScheme(view: View, scheme: string, at: EpochMs): void {
  for (const states of Object.values(view.events))
    for (const [key, state] of Object.entries(states))
      if (key.startsWith(`${scheme}/`) && state[0] && state[1] <= at) states[key] = [false, at]
}

/** A view of an earlier moment: it knows what the live one has known, unchanged, since before then. */
export function viewAt(live: View, at: EpochMs): View {
  const view = emptyView()
  for (const [name, [value, , since]] of Object.entries(live.fields)) if (since <= at) view.fields[name] = [value, at, since]
  return view
}

/** @returns whether any wire code of this event is active, and the instant that says so; undefined if never heard. */
export function eventState(view: View, code: string): [active: boolean, ts: EpochMs] | undefined {
  const states = view.events[code]
  if (!states) return undefined
  let active = false
  let ts = 0
  for (const key in states) {
    const state = states[key]!
    if (state[0] && !active) {
      active = true
      ts = state[1]
    } else if (state[0] === active && state[1] > ts) ts = state[1]
  }
  return [active, ts]
}

function wireKey(event: DeviceEvent): string {
  return event.scheme === undefined ? '' : `${event.scheme}/${event.wireCode ?? ''}`
}
