/** One entry's piece of work: what came out of it so far, and the few ways in which it may change an alarm. */
import { createHash } from 'node:crypto'
import type { EpochMs } from '../domain/clock.ts'
import type { FieldValues } from '../domain/device-kind.ts'
import { dutyHolder } from '../domain/estate.ts'
import type { Priority } from '../domain/rule.ts'
import type { Words } from '../domain/words.ts'
import { estateOf, type Device, type EngineState, type RuleState, type Transition } from './engine-state.ts'
import type { CompiledRule } from './rule-set.ts'
import { raiseAlarm, stepAlarm, type AlarmRecord, type StepInput } from './step.ts'

export interface Work {
  readonly engine: EngineState
  readonly seq: number
  /** The instant of whatever changes: `receivedAt` of the entry, or the tick's. */
  readonly now: EpochMs
  readonly transitions: Transition[]
  /** Devices to look at again because one that concerns them has changed. */
  readonly ripples: Set<string>
  /** Rules that threw: the others were judged all the same. */
  readonly failures: RuleFailure[]
  raised: number
}

export interface RuleFailure {
  readonly rule: string
  /** The device's key. */
  readonly device: string
  readonly error: unknown
}

export function startWork(engine: EngineState, seq: number, now: EpochMs): Work {
  return { engine, seq, now, transitions: [], ripples: new Set(), failures: [], raised: 0 }
}

/** Moves an alarm by one step and keeps it; a closed one is forgotten. */
export function step(work: Work, record: AlarmRecord, input: StepInput): AlarmRecord {
  const result = stepAlarm(record, input, work.now)
  if (!result.ok || result.record === record) return record
  keep(work, result.record)
  if (result.event) work.transitions.push({ record: result.record, event: result.event })
  return result.record
}

export function keep({ engine }: Pick<Work, 'engine'>, record: AlarmRecord): void {
  const { id, state } = record.alarm
  engine.touched.add(id)
  if (state === 'closed') {
    engine.alarms.delete(id)
    engine.closed.set(id, record)
  } else engine.alarms.set(id, record)
  if (state === 'shelved') engine.shelved.add(id)
  else engine.shelved.delete(id)
}

export interface Raise {
  readonly priority: Priority
  readonly detail: FieldValues
  readonly suppressedBy: Words | null
  readonly late: boolean
}

export function raise(work: Work, device: Device, rule: CompiledRule['rule'], facts: Raise): AlarmRecord {
  const { estate, kind, device: name } = device
  const file = estateOf(work.engine, device)
  const { record, event } = raiseAlarm(
    {
      id: alarmId(work, rule.id, device.key),
      estate,
      kind,
      device: name,
      code: rule.code,
      priority: facts.priority,
      late: facts.late,
      responsible: file ? dutyHolder(file, 'responsible', { kind, device: name }) : null,
      decisionMaker: file ? dutyHolder(file, 'decision-maker', { kind, device: name }) : null,
      detail: facts.detail,
    },
    { rule: rule.id, latch: rule.latch, highlyManaged: rule.highlyManaged ?? false },
    { now: work.now, suppressedBy: facts.suppressedBy },
  )
  keep(work, record)
  work.transitions.push({ record, event })
  return record
}

/** The same entry, rule and device give the same id; within an entry the second raise of a rule is told apart by its place. */
function alarmId(work: Work, rule: string, device: string): string {
  const place = work.raised++
  const hash = createHash('sha256').update(`${work.seq}|${rule}|${device}|${place}`).digest('hex').slice(0, 12)
  return `${work.seq.toString(36)}-${hash}`
}

export function openAlarm(engine: EngineState, state: RuleState | undefined): AlarmRecord | undefined {
  return state?.alarm === undefined ? undefined : engine.alarms.get(state.alarm)
}
