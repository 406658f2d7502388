/** What happens to one alarm next: the contract's table of states as a pure function. The engine alone calls it and keeps what comes out. */
import type { Alarm, AlarmActionName, AlarmState } from '../domain/alarm.ts'
import type { EpochMs } from '../domain/clock.ts'
import type { FieldValues } from '../domain/device-kind.ts'
import type { Priority } from '../domain/rule.ts'
import type { Action } from '../domain/system.ts'
import type { Words } from '../domain/words.ts'

/** An alarm with what the engine must remember of it and nobody else sees. */
export interface AlarmRecord {
  readonly alarm: Alarm
  readonly rule: string
  readonly latch: boolean
  readonly highlyManaged: boolean
  /** Whether the condition holds, after its delays. */
  readonly active: boolean
  /** What holds it back by design, whatever its state. */
  readonly suppression: Words | null
  /** The transition of the newest raise: what a person saw before it is out of date. */
  readonly raisedTransition: number
}

export type StepInput =
  | { readonly type: 'condition'; readonly active: true; readonly priority?: Priority; readonly detail?: FieldValues }
  | { readonly type: 'condition'; readonly active: false }
  | { readonly type: 'priority'; readonly priority: Priority }
  /** `by` null: the suppression has ended. */
  | { readonly type: 'suppression'; readonly by: Words | null }
  | { readonly type: 'service'; readonly out: boolean }
  /** Time has passed: shelving may have ended. */
  | { readonly type: 'time' }
  | { readonly type: 'remove'; readonly detail: FieldValues }
  | { readonly type: 'action'; readonly action: Action }

export interface TimelineEntry {
  readonly at: EpochMs
  readonly what: string
  readonly who?: string
  readonly detail?: string
}

export type StepResult =
  /** `event` undefined: nothing has changed. */
  | { readonly ok: true; readonly record: AlarmRecord; readonly event?: TimelineEntry }
  | { readonly ok: false; readonly code: 'wrong-state' | 'still-active' | 'raised-again'; readonly message: string }

/** The first transition of an alarm. Suppressed by design from the start: evaluated, kept, not told. */
export function raiseAlarm(
  facts: Pick<Alarm, 'id' | 'estate' | 'kind' | 'device' | 'code' | 'priority' | 'late' | 'responsible' | 'decisionMaker' | 'detail'>,
  rule: Pick<AlarmRecord, 'rule' | 'latch' | 'highlyManaged'>,
  { now, suppressedBy }: { readonly now: EpochMs; readonly suppressedBy: Words | null },
): { readonly record: AlarmRecord; readonly event: TimelineEntry } {
  const alarm: Alarm = {
    ...facts,
    transition: 1,
    state: suppressedBy ? 'suppressed' : 'unacknowledged',
    raisedAt: now,
    returnedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    shelved: null,
    suppressedBy,
    comments: [],
  }
  return {
    record: { ...rule, alarm, active: true, suppression: suppressedBy, raisedTransition: 1 },
    event: { at: now, what: suppressedBy ? 'suppressed' : 'raised' },
  }
}

export function stepAlarm(record: AlarmRecord, input: StepInput, now: EpochMs): StepResult {
  const { alarm } = record
  if (input.type === 'action') return act(record, input.action, now)
  if (alarm.state === 'closed') return unchanged(record)
  switch (input.type) {
    case 'condition':
      return input.active ? conditionOn(record, input, now) : conditionOff(record, now)
    case 'priority':
      return input.priority < alarm.priority
        ? change(record, { priority: input.priority }, { at: now, what: 'priority' })
        : unchanged(record)
    case 'suppression':
      return suppress(record, input.by, now)
    case 'service':
      if (input.out === (alarm.state === 'out-of-service')) return unchanged(record)
      return input.out
        ? change(record, { state: 'out-of-service' }, { at: now, what: 'out-of-service' })
        : resume({ ...record, alarm: { ...alarm, shelved: null } }, { at: now, what: 'back-in-service' })
    case 'time':
      return alarm.state === 'shelved' && alarm.shelved && alarm.shelved.until <= now
        ? resume({ ...record, alarm: { ...alarm, shelved: null } }, { at: now, what: 'unshelved' })
        : unchanged(record)
    case 'remove':
      return change(
        { ...record, active: false },
        { state: 'closed', shelved: null, detail: { ...alarm.detail, ...input.detail } },
        { at: now, what: 'closed', detail: String(input.detail['closed_by'] ?? '') },
      )
  }
}

function conditionOn(record: AlarmRecord, input: Extract<StepInput, { active: true }>, now: EpochMs): StepResult {
  const { alarm } = record
  if (record.active) return unchanged(record)
  if (alarm.state !== 'returned' && alarm.state !== 'latched') return { ok: true, record: { ...record, active: true } }
  const again = {
    returnedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    late: false,
    priority: Math.min(alarm.priority, input.priority ?? 3) as Priority,
    detail: input.detail ?? alarm.detail,
  }
  return raisedAgain({ ...record, active: true, alarm: { ...alarm, ...again } }, { at: now, what: 'raised' })
}

function conditionOff(record: AlarmRecord, now: EpochMs): StepResult {
  if (!record.active) return unchanged(record)
  const gone = { ...record, active: false }
  switch (record.alarm.state) {
    case 'unacknowledged':
      return change(gone, { state: 'returned', returnedAt: now }, { at: now, what: 'returned' })
    case 'acknowledged':
      return change(gone, { state: over(record), returnedAt: now }, { at: now, what: 'returned' })
    default: // held back: it is told at the end of that
      return { ok: true, record: gone }
  }
}

function suppress(record: AlarmRecord, by: Words | null, now: EpochMs): StepResult {
  const { alarm } = record
  if ((by === null) === (record.suppression === null)) return unchanged(record)
  const marked = { ...record, suppression: by }
  if (by === null) return alarm.state === 'suppressed' ? resume(marked, { at: now, what: 'unsuppressed' }) : { ok: true, record: marked }
  return alarm.state === 'unacknowledged' || alarm.state === 'acknowledged'
    ? change(marked, { state: 'suppressed' }, { at: now, what: 'suppressed', detail: by.en })
    : { ok: true, record: marked }
}

/** The end of being held back: told again while the condition stands, otherwise over. */
function resume(record: AlarmRecord, event: TimelineEntry): StepResult {
  if (!record.active) return change(record, { state: over(record), returnedAt: record.alarm.returnedAt ?? event.at }, event)
  const { alarm } = record
  return raisedAgain({ ...record, alarm: { ...alarm, acknowledgedAt: null, acknowledgedBy: null, returnedAt: null } }, event)
}

function raisedAgain(record: AlarmRecord, event: TimelineEntry): StepResult {
  if (record.suppression) return change(record, { state: 'suppressed' }, { ...event, what: 'suppressed' })
  return change({ ...record, raisedTransition: record.alarm.transition + 1 }, { state: 'unacknowledged' }, event)
}

function act(record: AlarmRecord, action: Action, now: EpochMs): StepResult {
  const { alarm } = record
  if (action.transition !== undefined && action.transition < record.raisedTransition)
    return refuse('raised-again', `The alarm was raised again after transition ${action.transition}.`)
  return ACTS[action.action](record, action, { at: now, what: WHAT[action.action], who: action.by }, alarm.state)
}

const WHAT: Readonly<Record<AlarmActionName, string>> = {
  acknowledge: 'acknowledged',
  shelve: 'shelved',
  unshelve: 'unshelved',
  reset: 'reset',
  assign: 'assigned',
  comment: 'commented',
}

type Act = (record: AlarmRecord, action: Action, event: TimelineEntry, state: AlarmState) => StepResult

const ACTS: Readonly<Record<AlarmActionName, Act>> = {
  acknowledge: (record, action, event, state) => {
    const by = { acknowledgedAt: event.at, acknowledgedBy: action.by }
    if (state === 'unacknowledged') return change(record, { ...by, state: 'acknowledged' }, event)
    if (state === 'returned') return change(record, { ...by, state: over(record) }, event)
    if (record.alarm.acknowledgedBy !== null && state !== 'shelved' && state !== 'suppressed') return unchanged(record)
    if (state === 'latched') return change(record, by, event)
    return refuse('wrong-state', `The alarm is ${state}.`)
  },
  reset: (record, action, event, state) => {
    if (state === 'unacknowledged' || state === 'acknowledged') return refuse('still-active', 'The condition still holds.')
    const by = record.alarm.acknowledgedBy === null ? { acknowledgedAt: event.at, acknowledgedBy: action.by } : {}
    if (state === 'latched' || (state === 'returned' && record.latch)) return change(record, { ...by, state: 'closed' }, event)
    return refuse('wrong-state', state === 'returned' ? 'The alarm has gone by itself: acknowledge it.' : `The alarm is ${state}.`)
  },
  shelve: (record, action, event, state) => {
    if (record.highlyManaged) return refuse('wrong-state', 'An alarm about people in danger cannot be shelved.')
    if (!['unacknowledged', 'acknowledged', 'returned', 'latched', 'shelved'].includes(state))
      return refuse('wrong-state', `The alarm is ${state}.`)
    if (action.until === undefined || action.until <= event.at) return refuse('wrong-state', 'The end of the shelving has passed already.')
    const shelved = { by: action.by, until: action.until, reason: action.reason ?? '' }
    return change(record, { state: 'shelved', shelved }, { ...event, detail: shelved.reason })
  },
  unshelve: (record, _action, event, state) =>
    state === 'shelved'
      ? resume({ ...record, alarm: { ...record.alarm, shelved: null } }, event)
      : refuse('wrong-state', 'The alarm is not shelved.'),
  assign: (record, action, event, state) =>
    state === 'closed'
      ? refuse('wrong-state', 'The alarm is closed.')
      : change(record, { responsible: action.person ?? null }, { ...event, detail: action.person ?? '' }),
  comment: (record, action, event) => {
    const comment = { at: event.at, who: action.by, text: action.text ?? '' }
    return change(record, { comments: [...record.alarm.comments, comment] }, { ...event, detail: comment.text })
  },
}

/** Where an acknowledged alarm goes when its condition is gone. */
function over(record: AlarmRecord): AlarmState {
  return record.latch ? 'latched' : 'closed'
}

function change(record: AlarmRecord, to: Partial<Alarm>, event: TimelineEntry): StepResult {
  const alarm = { ...record.alarm, ...to, transition: record.alarm.transition + 1 }
  return {
    ok: true,
    record: { ...record, alarm: { ...alarm, suppressedBy: alarm.state === 'suppressed' ? record.suppression : null } },
    event,
  }
}

function unchanged(record: AlarmRecord): StepResult {
  return { ok: true, record }
}

function refuse(code: Extract<StepResult, { ok: false }>['code'], message: string): StepResult {
  return { ok: false, code, message }
}
