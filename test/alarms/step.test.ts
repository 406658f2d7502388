import { describe, expect, test } from 'vitest'
import { raiseAlarm, stepAlarm, type AlarmRecord, type StepInput } from '../../alarms/step.ts'
import type { AlarmActionName, AlarmState } from '../../domain/alarm.ts'

const T0 = 1_750_000_000_000
const BY = { zh: '检修', en: 'inspection' }

function raised(options: { latch?: boolean; highlyManaged?: boolean; suppressed?: boolean } = {}): AlarmRecord {
  return raiseAlarm(
    {
      id: 'a1',
      estate: 'e',
      kind: 'fence-zone',
      device: 'z',
      code: 'cut',
      priority: 2,
      late: false,
      responsible: 'guard',
      decisionMaker: null,
      detail: {},
    },
    { rule: 'r', latch: options.latch ?? false, highlyManaged: options.highlyManaged ?? false },
    { now: T0, suppressedBy: options.suppressed ? BY : null },
  ).record
}

const on: StepInput = { type: 'condition', active: true }
const off: StepInput = { type: 'condition', active: false }
const suppress: StepInput = { type: 'suppression', by: BY }
const unsuppress: StepInput = { type: 'suppression', by: null }
const out: StepInput = { type: 'service', out: true }
const back: StepInput = { type: 'service', out: false }
const time: StepInput = { type: 'time' }
function act(action: AlarmActionName, more: object = {}): StepInput {
  return { type: 'action', action: { v: 1, id: 'x', alarm: 'a1', action, by: 'guard-a', ...more } }
}
const ack = act('acknowledge')
const reset = act('reset')
const shelve = act('shelve', { until: T0 + 60_000, reason: 'branch' })
const unshelve = act('unshelve')

/** Runs the inputs a second apart; a refusal throws its code. */
function run(record: AlarmRecord, ...inputs: readonly StepInput[]): AlarmRecord {
  return inputs.reduce((before, input, i) => {
    const result = stepAlarm(before, input, T0 + (i + 1) * 1000)
    if (!result.ok) throw new Error(result.code)
    expect(result.record.alarm.transition).toBe(before.alarm.transition + (result.event ? 1 : 0))
    if (!result.event) expect(result.record.alarm).toEqual(before.alarm)
    return result.record
  }, record)
}

type Row = readonly [path: readonly StepInput[], plain: AlarmState, latching: AlarmState]

describe('the table of states, for a plain rule and for a latching one', () => {
  const rows: readonly Row[] = [
    [[], 'unacknowledged', 'unacknowledged'],
    [[on], 'unacknowledged', 'unacknowledged'],
    [[ack], 'acknowledged', 'acknowledged'],
    [[ack, ack], 'acknowledged', 'acknowledged'],
    [[off], 'returned', 'returned'],
    [[off, off], 'returned', 'returned'],
    [[ack, off], 'closed', 'latched'],
    [[off, ack], 'closed', 'latched'],
    [[off, on], 'unacknowledged', 'unacknowledged'],
    [[off, on, ack], 'acknowledged', 'acknowledged'],
    [[shelve], 'shelved', 'shelved'],
    [[shelve, on], 'shelved', 'shelved'],
    [[shelve, off], 'shelved', 'shelved'],
    [[shelve, unshelve], 'unacknowledged', 'unacknowledged'],
    [[ack, shelve, unshelve], 'unacknowledged', 'unacknowledged'],
    [[shelve, off, unshelve], 'closed', 'latched'],
    [[shelve, off, on, unshelve], 'unacknowledged', 'unacknowledged'],
    [[off, shelve, unshelve], 'closed', 'latched'],
    [[suppress], 'suppressed', 'suppressed'],
    [[ack, suppress], 'suppressed', 'suppressed'],
    [[suppress, unsuppress], 'unacknowledged', 'unacknowledged'],
    [[suppress, off, unsuppress], 'closed', 'latched'],
    [[off, suppress], 'returned', 'returned'],
    [[off, suppress, on], 'suppressed', 'suppressed'],
    [[off, suppress, unsuppress], 'returned', 'returned'],
    [[suppress, off, on, unsuppress], 'unacknowledged', 'unacknowledged'],
    [[shelve, suppress, unshelve], 'suppressed', 'suppressed'],
    [[shelve, suppress, unsuppress], 'shelved', 'shelved'],
    [[out], 'out-of-service', 'out-of-service'],
    [[out, off, back], 'closed', 'latched'],
    [[out, back], 'unacknowledged', 'unacknowledged'],
    [[{ type: 'remove', detail: { closed_by: 'device-removed' } }], 'closed', 'closed'],
    [[ack, off, off], 'closed', 'latched'],
  ]
  test.each(rows.map((row) => [row[0].map(name).join(', ') || 'raised', ...row] as const))('%s', (_name, path, plain, latching) => {
    expect(run(raised(), ...path).alarm.state).toBe(plain)
    expect(run(raised({ latch: true }), ...path).alarm.state).toBe(latching)
  })
})

function name(input: StepInput): string {
  if (input.type === 'action') return input.action.action
  if (input.type === 'condition') return input.active ? 'condition' : 'gone'
  return input.type === 'suppression' ? (input.by ? 'suppressed' : 'not suppressed') : input.type
}

test.each([
  ['reset while the condition stands', [], reset, 'still-active'],
  ['reset of an acknowledged one that stands', [ack], reset, 'still-active'],
  ['reset of a plain alarm that has gone', [off], reset, 'wrong-state'],
  ['unshelve of what is not shelved', [], unshelve, 'wrong-state'],
  ['acknowledge of what is shelved', [shelve], ack, 'wrong-state'],
  ['acknowledge of what is suppressed', [suppress], ack, 'wrong-state'],
  ['shelve of what is suppressed', [suppress], shelve, 'wrong-state'],
  ['reset of what is shelved', [shelve], reset, 'wrong-state'],
  ['shelve that has ended', [], act('shelve', { until: T0 - 1 }), 'wrong-state'],
  ['shelve of what is closed', [off, ack], shelve, 'wrong-state'],
  ['assign of what is closed', [off, ack], act('assign', { person: 'x' }), 'wrong-state'],
  ['reset of what is closed', [off, ack], reset, 'wrong-state'],
  ['acknowledge of what was raised again since', [off, on], act('acknowledge', { transition: 1 }), 'raised-again'],
  ['reset of what was raised again since', [off, on], act('reset', { transition: 2 }), 'raised-again'],
] as const)('%s is refused', (_name, path, input, code) => {
  const record = run(raised(), ...path)
  expect(stepAlarm(record, input, T0 + 9000)).toMatchObject({ ok: false, code })
})

test('what a person saw may be older than a comment, but not than the newest raise', () => {
  const record = run(raised(), act('comment', { text: 'looking' }), act('acknowledge', { transition: 1 }))
  expect(record.alarm).toMatchObject({ state: 'acknowledged', comments: [{ who: 'guard-a', text: 'looking', at: T0 + 1000 }] })
})

test('an alarm about people in danger cannot be shelved', () => {
  expect(stepAlarm(raised({ highlyManaged: true, latch: true }), shelve, T0)).toMatchObject({ ok: false, code: 'wrong-state' })
})

test('reset of a latching alarm whose condition is gone also acknowledges', () => {
  const { alarm } = run(raised({ latch: true }), off, reset)
  expect(alarm).toMatchObject({
    state: 'closed',
    acknowledgedBy: 'guard-a',
    acknowledgedAt: T0 + 2000,
    returnedAt: T0 + 1000,
    transition: 3,
  })
})

test('raised again it keeps its id and first instant, and nobody has acknowledged it', () => {
  const { alarm } = run(raised({ latch: true }), ack, off, on)
  expect(alarm).toMatchObject({
    id: 'a1',
    raisedAt: T0,
    returnedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    state: 'unacknowledged',
  })
})

test('shelving ends by itself and the alarm is told again', () => {
  const shelved = run(raised(), shelve)
  expect(shelved.alarm.shelved).toEqual({ by: 'guard-a', until: T0 + 60_000, reason: 'branch' })
  expect(run(shelved, time).alarm.state).toBe('shelved')
  const result = stepAlarm(shelved, time, T0 + 60_000)
  expect(result).toMatchObject({ ok: true, record: { alarm: { state: 'unacknowledged', shelved: null } }, event: { what: 'unshelved' } })
})

test('raised while suppressed it is kept and says by what', () => {
  const record = raised({ suppressed: true })
  expect(record.alarm).toMatchObject({ state: 'suppressed', suppressedBy: BY })
  expect(run(record, unsuppress).alarm).toMatchObject({ state: 'unacknowledged', suppressedBy: null })
})

test('it may become more urgent, never less', () => {
  const urgent = run(raised(), { type: 'priority', priority: 1 })
  expect(urgent.alarm.priority).toBe(1)
  expect(run(urgent, { type: 'priority', priority: 3 }).alarm.priority).toBe(1)
})

test('acknowledging what is closed and acknowledged is no fault and changes nothing', () => {
  const closed = run(raised(), ack, off)
  expect(run(closed, ack)).toEqual(closed)
})

test('assigning names another responsible person', () => {
  expect(run(raised(), act('assign', { person: 'engineer' })).alarm.responsible).toBe('engineer')
})
