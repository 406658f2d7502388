/** Looks at one device with all its rules at an instant of its own time, and raises, returns, suppresses or makes more urgent what follows. */
import type { EpochMs } from '../domain/clock.ts'
import type { FieldValue, FieldValues } from '../domain/device-kind.ts'
import type { Priority } from '../domain/rule.ts'
import type { Words } from '../domain/words.ts'
import { limitOfSite } from './condition.ts'
import { Look } from './look.ts'
import { schedule, type Device, type RuleState } from './engine-state.ts'
import { intervalOf } from './interval.ts'
import { episodeBegins, episodeEnds } from './episodes.ts'
import { dependentsOf, remember } from './neighbours.ts'
import type { CompiledRule } from './rule-set.ts'
import type { AlarmRecord } from './step.ts'
import { eventState, type Slot, type View } from './view.ts'
import { openAlarm, raise, step, type Work } from './work.ts'

export interface At {
  /** The device's own time. */
  readonly at: EpochMs
  /** The reading just applied came after more than twice the expected interval. */
  readonly afterGap?: boolean
  /** When the message that led here was observed: where an episode begins. */
  readonly observedAt?: EpochMs
}

/** After a reading that only moved some fields on: the rules that watch these, and those of which something is under way. The others would say what they said. */
export function judgeChanged(work: Work, device: Device, when: At, changed: number): void {
  const { state, rules, quiet } = device
  if (isNew(device)) {
    judge(work, device, when)
    return
  }
  const look = new Look(work.engine, device, when.afterGap ?? false)
  const pass = { work, device, when, look }
  for (let place = 0; place < rules.length; place++) if (!quiet[place] || (rules[place]!.watches & changed) !== 0) judgeRule(pass, place)
  state.wakeAt = look.wakesAt
  if (look.wakesMs !== undefined && (state.wakeMs === undefined || look.wakesMs < state.wakeMs)) state.wakeMs = look.wakesMs
  if (look.silenceMs !== undefined && (state.silenceMs === undefined || look.silenceMs < state.silenceMs)) state.silenceMs = look.silenceMs
  schedule(work.engine, device)
}

/** When only time has passed: the rules that ask for silence, and those of which something is under way. */
export function judgeTimed(work: Work, device: Device, when: At): void {
  const { state, rules, quiet } = device
  if (isNew(device)) {
    judge(work, device, when)
    return
  }
  const look = new Look(work.engine, device, false)
  const pass = { work, device, when, look }
  for (let place = 0; place < rules.length; place++) {
    if (!quiet[place]) work.engine.dirty.add(device)
    else if (!rules[place]!.isTimed) continue
    judgeRule(pass, place)
  }
  state.wakeAt = look.wakesAt
  state.wakeMs = look.wakesMs
  state.silenceMs = look.silenceMs
  schedule(work.engine, device)
}

/** Not all of its rules have been judged by the interval that is expected now. */
function isNew(device: Device): boolean {
  return device.quiet.length !== device.rules.length || intervalOf(device) !== device.intervalMs
}

/** Judges all rules of the device and puts it where the next timer will find it. */
export function judge(work: Work, device: Device, when: At): void {
  const { engine } = work
  const { state, rules } = device
  engine.dirty.add(device)
  const look = new Look(engine, device, when.afterGap ?? false)
  const pass = { work, device, when, look }
  device.intervalMs = intervalOf(device)
  for (let place = 0; place < rules.length; place++) judgeRule(pass, place)
  state.wakeAt = look.wakesAt
  state.wakeMs = look.wakesMs
  state.silenceMs = look.silenceMs
  schedule(engine, device)
}

/** One look at a device with some of its rules. */
interface Pass {
  readonly work: Work
  readonly device: Device
  readonly when: At
  readonly look: Look
}

function judgeRule(pass: Pass, place: number): void {
  const { work, device, look } = pass
  const { rule } = device.rules[place]!
  look.begin(rule.id)
  try {
    decide(pass, place)
  } catch (error) {
    work.failures.push({ rule: rule.id, device: device.key, error })
  }
  const state = device.standing[place]
  device.quiet[place] = !look.wasUnderWay() && (!state || (state.since === undefined && openAlarm(work.engine, state) === undefined))
}

function decide(pass: Pass, place: number): void {
  const { work, device, when, look } = pass
  const rule = device.rules[place]!
  const { live } = device.state
  const slots = device.memory[place]!
  const verdict = rule.when(live, slots, when.at, look)
  let state = device.standing[place]
  if (!state) {
    if (verdict !== true) return
    state = device.standing[place] = {}
  }
  let record = openAlarm(work.engine, state)
  if (!record && verdict !== true) {
    state.since = undefined
    return
  }
  work.engine.dirty.add(device)
  const { onDelayMs, offDelayMs } = rule.rule
  const suppressed = suppressionOf(rule, { view: live, slots, at: when.at, look }, record?.suppression ?? null)
  if (record && suppressed) record = step(work, record, { type: 'suppression', by: suppressed })
  const active = record?.active ?? false
  if (verdict === true) {
    state.gone = undefined
    if (!active) {
      state.since ??= when.at
      if (when.at - state.since >= onDelayMs) activate(pass, { rule, slots, state, record, suppressedBy: suppressed ?? null })
      else look.wakeAt(state.since + onDelayMs)
    }
  } else {
    state.since = undefined
    if (verdict === undefined || !active) state.gone = undefined
    else {
      state.gone ??= when.at
      if (when.at - state.gone >= offDelayMs) deactivate(work, state, { record: record!, rule, at: when.observedAt ?? when.at })
      else look.wakeAt(state.gone + offDelayMs)
    }
  }
  record = openAlarm(work.engine, state)
  if (!record) return
  if (suppressed === null && record.suppression) record = step(work, record, { type: 'suppression', by: null })
  if (record.active && rule.priorities.length > 0)
    step(work, record, { type: 'priority', priority: priorityOf(rule, { view: live, slots, at: when.at, look }) })
}

interface Activation {
  readonly rule: CompiledRule
  readonly slots: Slot[]
  readonly state: RuleState
  readonly record: AlarmRecord | undefined
  readonly suppressedBy: Words | null
}

function activate({ work, device, when, look }: Pass, { rule, slots, state, record, suppressedBy }: Activation): void {
  const { live } = device.state
  remember(device, rule.rule.code, when.observedAt ?? when.at)
  const priority = priorityOf(rule, { view: live, slots, at: when.at, look })
  const detail = detailOf(device, rule, live)
  state.since = undefined
  if (rule.rule.latch) episodeBegins(state, when.observedAt ?? when.at)
  if (record) step(work, record, { type: 'condition', active: true, priority, detail })
  else state.alarm = raise(work, device, rule.rule, { priority, detail, suppressedBy, late: false }).alarm.id
  for (const key of dependentsOf(work.engine, device)) work.ripples.add(key)
}

function deactivate(
  work: Work,
  state: RuleState,
  about: { readonly record: AlarmRecord; readonly rule: CompiledRule; readonly at: EpochMs },
): void {
  state.gone = undefined
  if (about.rule.rule.latch) episodeEnds(state, about.at)
  step(work, about.record, { type: 'condition', active: false })
}

interface Seen {
  readonly view: View
  readonly slots: Slot[]
  readonly at: EpochMs
  readonly look: Look
}

/** By what the rule's alarm is held back by design; null for nothing, undefined while nobody can say whether what holds it back still does. */
export function suppressionOf(rule: CompiledRule, { view, slots, at, look }: Seen, current: Words | null): Words | null | undefined {
  let by: Words | undefined
  let unsure = false
  for (const entry of rule.suppressions) {
    const said = entry.when(view, slots, at, look)
    if (said === true) by ??= entry.by
    else if (said === undefined && current?.en === entry.by.en) unsure = true
  }
  return by ?? (unsure ? undefined : null)
}

function priorityOf(rule: CompiledRule, { view, slots, at, look }: Seen): Priority {
  let priority = rule.rule.priority
  for (const entry of rule.priorities)
    if (entry.when(view, slots, at, look) === true && entry.priority < priority) priority = entry.priority
  return priority
}

/** Plain facts of the moment: what the condition looked at, with its limits, and what the event said. */
export function detailOf(device: Device, { rule, fields, limits }: CompiledRule, view: View): FieldValues {
  const detail: Record<string, FieldValue> = {}
  for (const name of fields) {
    const field = view.fields[name]
    if (!field || field[1] !== view.telemetryAt) continue // not in the newest reading
    detail[name] = field[0]
    const limit = limits[name]
    if (limit !== undefined) detail['limit'] = typeof limit === 'number' ? limit : limitOfSite(limit, device.entry?.site[limit.ofSite])
  }
  return {
    ...detail,
    ...(eventState(view, rule.code)?.[0] ? view.eventFacts[rule.code] : {}),
    ...device.state.flagDetail[rule.code],
  }
}
