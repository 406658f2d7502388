/** Takes one journal entry into the alarms: the same entries in the same order give the same alarms, however often and however fast they come. */
import type { Alarm } from '../domain/alarm.ts'
import { SYSTEM_ESTATE, SYSTEM_KIND } from '../domain/alarm.ts'
import { SECOND_MS } from '../domain/clock.ts'
import type { EstateSet } from '../domain/estate.ts'
import type { JournalEntry } from '../domain/journal.ts'
import type { Decoded, DeviceId } from '../domain/reading.ts'
import {
  SYSTEM_CLIENT,
  SYSTEM_TOPICS,
  type Action,
  type ActionResult,
  type Failed,
  type Presence,
  type RecordsChanged,
  type Refused,
  type SystemFault,
  type Tick,
} from '../domain/system.ts'
import { SYSTEM_SUBJECTS } from '../devices/system-rules.ts'
import { decode, type DecodeContext } from '../ingest/decode.ts'
import { dueMs, inOrder, schedule, useDevice, type Device, type EngineState, type Transition } from './engine-state.ts'
import { judge } from './judge.ts'
import { lookAgain, observe, timeHasCome } from './observe.ts'
import { awaitReturns, checkGateways, gatewayKey, heardThrough, observePresence, observeRefused } from './presence.ts'
import { changeRecords } from './records.ts'
import { deviceIn } from './rule-set.ts'
import { stepAlarm, type AlarmRecord } from './step.ts'
import { keep, startWork, step, type Work } from './work.ts'

/** What the engine asks of the world while it works on an entry; the answers are the same each time. */
export interface EngineContext {
  readonly rawDays: number
  /** @throws while the records are not there yet: the slice is tried again. */
  estatesAt(revision: number): EstateSet
  /** An alarm that is closed, or that was never there. */
  findClosed(id: string): AlarmRecord | undefined
  /** The result of an action that was worked on before. */
  findResult(action: string): ActionResult | undefined
  /** A fault of our own in one entry; the engine goes on with the next. */
  onFault(error: unknown, entry: JournalEntry): void
}

export interface EngineOutput {
  readonly transitions: readonly Transition[]
  readonly result?: ActionResult
  /** The instant of a tick, once this entry is committed. */
  readonly tickAt?: number
  /** To be kept as a dead letter: a rule failed on this entry, or the engine itself did. */
  readonly failed?: Failed
}

const NOTHING: EngineOutput = { transitions: [] }
/** Shorter pauses are restarts, not gaps worth an alarm. */
const GAP_MS = 10 * SECOND_MS
const SYSTEM_PREFIX = 'system/'

export function stepEngine(engine: EngineState, entry: JournalEntry, context: EngineContext): EngineOutput {
  const work = startWork(engine, entry.seq, entry.receivedAt)
  try {
    let more: Omit<EngineOutput, 'transitions'> | undefined
    if (entry.client === SYSTEM_CLIENT && entry.topic.startsWith(SYSTEM_PREFIX)) more = takeSystem(work, entry, context)
    else takeMessage(work, entry, context)
    spread(work)
    if (work.failures.length > 0) return { ...more, transitions: work.transitions, failed: tellFailures(work, entry, context) }
    return more ? { ...more, transitions: work.transitions } : work.transitions.length > 0 ? { transitions: work.transitions } : NOTHING
  } catch (error) {
    if (entry.topic === SYSTEM_TOPICS.records) throw error // the records are not there yet: later
    context.onFault(error, entry)
    raiseInternalError(work, `${entry.topic} (${entry.seq}): ${String(error)}`)
    // Where decode failed, ingest fails alike and keeps the letter itself.
    if (error instanceof DecodeFailure) return { transitions: work.transitions }
    return { transitions: work.transitions, failed: letterOf(entry, `The alarm engine failed on entry ${entry.seq}: ${String(error)}`) }
  }
}

const MOST_NAMED = 5

/** One alarm and one letter for an entry, however many rules failed on it. */
function tellFailures(work: Work, entry: JournalEntry, context: EngineContext): Failed {
  const failures = work.failures.splice(0)
  for (const { error } of failures.slice(0, MOST_NAMED)) context.onFault(error, entry)
  const named = failures.slice(0, MOST_NAMED).map(({ rule, device, error }) => `rule ${rule} on ${device}: ${String(error)}`)
  const detail = `${named.join('; ')}${failures.length > MOST_NAMED ? `; and ${failures.length - MOST_NAMED} more` : ''}`
  raiseInternalError(work, `${entry.topic} (${entry.seq}): ${detail}`)
  return letterOf(entry, `Judging entry ${entry.seq} failed in ${detail}`)
}

function letterOf({ seq, client, topic, payload }: JournalEntry, detail: string): Failed {
  return { v: 1, seq, client, topic, payloadBase64: Buffer.from(payload).toString('base64'), detail: detail.slice(0, 1000) }
}

function raiseInternalError(work: Work, detail: string): void {
  raiseFault(work, { v: 1, code: 'internal-error', active: true, detail })
  raiseFault(work, { v: 1, code: 'internal-error', active: false, detail: '' })
}

class DecodeFailure extends Error {}

function takeMessage(work: Work, entry: JournalEntry, context: EngineContext): void {
  const { engine } = work
  const known = engine.byTopic.get(entry.topic)
  const findDevice = (estate: string, kind: string, device: string) =>
    (known && isOf(known, { estate, kind, device }) && known.entry) || deviceIn(engine.estates.get(estate), kind, device)
  const decoded = decodeEntry(afterJumps(engine, entry), { findDevice, rawDays: context.rawDays })
  if (decoded.length === 0) return
  const via = gatewayKey(entry.client) ?? null
  if (via !== null) heardThrough(work, via)
  const observations = decoded.flatMap((outcome) => (outcome.ok ? [outcome.observation] : []))
  if (observations.length > 1) observations.sort((a, b) => a.observedAt - b.observedAt)
  for (const observation of observations) {
    const device = known && isOf(known, observation) ? known : useDevice(engine, observation)
    if (device !== known) engine.byTopic.set(entry.topic, device)
    observe(work, device, { observation, via })
  }
}

/** The entry by a clock that never goes back: a jump of ours makes no device late, and no device's clock wrong. */
function afterJumps({ clock }: EngineState, entry: JournalEntry): JournalEntry {
  const isBehindTick = entry.receivedAt < clock.tickAt - SECOND_MS // the jump that the next tick will tell of
  if (clock.backMs === 0 && !isBehindTick) return entry
  return { ...entry, receivedAt: (isBehindTick ? clock.tickAt : entry.receivedAt) + clock.backMs }
}

function isOf(known: Device, { estate, kind, device }: DeviceId): boolean {
  return known.device === device && known.estate === estate && known.kind === kind
}

function decodeEntry(entry: JournalEntry, context: DecodeContext): readonly Decoded[] {
  try {
    return decode(entry, context)
  } catch (cause) {
    throw new DecodeFailure(`decode failed: ${String(cause)}`, { cause })
  }
}

function takeSystem(work: Work, entry: JournalEntry, context: EngineContext): Omit<EngineOutput, 'transitions'> | undefined {
  switch (entry.topic) {
    case SYSTEM_TOPICS.tick:
      return takeTick(work, parse<Tick>(entry))
    case SYSTEM_TOPICS.records:
      changeRecords(work, context.estatesAt(parse<RecordsChanged>(entry).revision))
      return undefined
    case SYSTEM_TOPICS.presence:
      observePresence(work, parse<Presence>(entry))
      return undefined
    case SYSTEM_TOPICS.refused:
      observeRefused(work, parse<Refused>(entry))
      return undefined
    case SYSTEM_TOPICS.fault:
      raiseFault(work, parse<SystemFault>(entry))
      return undefined
    case SYSTEM_TOPICS.action:
      return { result: takeAction(work, parse<Action>(entry), context) }
    default:
      return undefined // our own, and those of others for others
  }
}

function takeTick(work: Work, tick: Tick): Omit<EngineOutput, 'transitions'> {
  const { engine } = work
  const { clock } = engine
  const passedMs = clock.tickAt === 0 ? 0 : Math.max(0, tick.elapsedMs - clock.elapsedMs)
  if (tick.intake && clock.intake) clock.countedMs += Math.min(passedMs, 2 * SECOND_MS)
  // What could not be heard is no silence: everybody has a full interval from here.
  if (tick.gapMs !== undefined || tick.intake !== clock.intake) clock.graceMs = clock.countedMs
  const gapFrom = clock.tickAt
  if (tick.at < clock.tickAt) clock.backMs += clock.tickAt - tick.at
  else if (tick.jumpMs !== undefined && tick.jumpMs > 0) clock.backMs = Math.max(0, clock.backMs - tick.jumpMs)
  clock.elapsedMs = tick.elapsedMs
  clock.intake = tick.intake
  clock.tickAt = tick.at
  if (tick.gapMs !== undefined) {
    awaitReturns(work)
    if (tick.gapMs >= GAP_MS && gapFrom > 0) {
      raiseFault(work, { v: 1, code: 'journal-gap', active: true, detail: '' }, { from: gapFrom, to: tick.at, gap_ms: tick.gapMs })
      raiseFault(work, { v: 1, code: 'journal-gap', active: false, detail: '' })
    }
  }
  checkGateways(work)
  turnWheel(work)
  for (const id of [...engine.shelved]) {
    const record = engine.alarms.get(id)
    if (record) step({ ...work, now: tick.at }, record, { type: 'time' })
  }
  return { tickAt: tick.at }
}

function turnWheel(work: Work): void {
  const { engine } = work
  const until = Math.floor(engine.clock.countedMs / SECOND_MS)
  while (engine.wheelAt < until) {
    const second = ++engine.wheelAt
    const due = engine.wheel.get(second)
    if (!due) continue
    engine.wheel.delete(second)
    for (const device of inOrder(due)) {
      device.scheduled = undefined
      // Mostly it was heard since, so that its silence has begun anew.
      if (Math.ceil((dueMs(device) ?? Infinity) / SECOND_MS) > second) schedule(engine, device)
      else timeHasCome(work, device)
    }
  }
}

/** A fault of the system itself is an alarm on what it is about. */
function raiseFault(work: Work, fault: SystemFault, detail: Readonly<Record<string, number>> = {}): void {
  const device = fault.subject ?? SYSTEM_SUBJECTS[fault.code] ?? fault.code
  const subject = useDevice(work.engine, { estate: SYSTEM_ESTATE, kind: SYSTEM_KIND, device })
  subject.state.flags[fault.code] = fault.active
  if (fault.active) subject.state.flagDetail[fault.code] = { ...detail, ...(fault.detail !== '' && { detail: fault.detail.slice(0, 500) }) }
  judge(work, subject, { at: work.now })
}

/** An action takes effect once, however often it comes. */
function takeAction(work: Work, action: Action, context: EngineContext): ActionResult {
  const before = context.findResult(action.id)
  if (before) return before
  const record = work.engine.alarms.get(action.alarm) ?? work.engine.closed.get(action.alarm) ?? context.findClosed(action.alarm)
  if (!record) return { v: 1, id: action.id, refusal: { code: 'not-found', message: `There is no alarm ${action.alarm}.` } }
  const result = stepAlarm(record, { type: 'action', action }, work.now)
  if (!result.ok) return { v: 1, id: action.id, refusal: { code: result.code, message: result.message } }
  if (result.event) {
    keep(work, result.record)
    work.transitions.push({ record: result.record, event: result.event })
  }
  return { v: 1, id: action.id, alarm: result.record.alarm satisfies Alarm }
}

/** Others whose alarms may be more urgent because of what has just been raised. */
function spread(work: Work): void {
  for (const key of work.ripples) {
    const device: Device | undefined = work.engine.devices.get(key)
    if (device) lookAgain(work, device)
  }
  work.ripples.clear()
}

function parse<T>(entry: JournalEntry): T {
  return JSON.parse(Buffer.from(entry.payload).toString('utf8')) as T
}
