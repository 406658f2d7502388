/** Runs the engine on entries that a test makes up, without journal, file or timer: messages and seconds in, alarms out. */
import { compileRules, type RuleSet } from '../../alarms/rule-set.ts'
import { emptyEngine, type EngineState, type Transition } from '../../alarms/engine-state.ts'
import { stepEngine, type EngineContext } from '../../alarms/engine.ts'
import type { AlarmRecord } from '../../alarms/step.ts'
import { DEFAULT_RULES } from '../../devices/default-rules.ts'
import type { Alarm, AlarmActionName } from '../../domain/alarm.ts'
import type { Estate } from '../../domain/estate.ts'
import type { JournalEntry } from '../../domain/journal.ts'
import type { AlarmRule } from '../../domain/rule.ts'
import type { Action, ActionResult, Failed, Presence } from '../../domain/system.ts'
import { ESTATE, estate as defaultEstate } from './estate.ts'

export const START = 1_750_000_000_000
export const GATEWAY = `gw.${ESTATE}.gw-1`

export interface Bench {
  readonly engine: EngineState
  readonly entries: JournalEntry[]
  readonly transitions: Transition[]
  readonly results: ActionResult[]
  readonly faults: unknown[]
  readonly failed: Failed[]
  now(): number
  /** Appends an entry and works on it. */
  append(topic: string, payload: unknown, client?: string): void
  telemetry(device: string, fields: object, options?: { readonly ts?: number; readonly client?: string }): void
  event(device: string, event: object, options?: { readonly ts?: number; readonly client?: string }): void
  availability(device: string, word: 'online' | 'offline', client?: string): void
  presence(what: Presence['what'], more?: Partial<Presence>): void
  /** Lets seconds pass, a tick each. */
  seconds(count: number, tick?: object): void
  /** Time in which the broker did not run: no ticks, then one that says so. */
  gap(ms: number): void
  /** The wall clock is set by so much within the next second. */
  jump(ms: number): void
  act(alarm: string, action: AlarmActionName, more?: Partial<Action>): ActionResult
  records(estates: readonly Estate[]): void
  /** All alarms ever, as they are now, oldest first. */
  alarms(): Alarm[]
  /** Not closed, as `code state` words. */
  open(): string[]
  alarm(code: string): Alarm
}

export interface BenchOptions {
  readonly estates?: readonly Estate[]
  readonly rules?: readonly AlarmRule[]
  /** Instead of `rules`. */
  readonly ruleSet?: RuleSet
}

export function startBench(options: BenchOptions = {}): Bench {
  const engine = emptyEngine(options.ruleSet ?? compileRules(options.rules ?? DEFAULT_RULES))
  const entries: JournalEntry[] = []
  const transitions: Transition[] = []
  const results: ActionResult[] = []
  const faults: unknown[] = []
  const failed: Failed[] = []
  const revisions = new Map<number, readonly Estate[]>()
  const context = benchContext({ revisions, transitions, results, faults })
  let now = START
  let elapsedMs = 0
  let actions = 0

  const append = (topic: string, payload: unknown, client = 'system') => {
    const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
    const entry = { seq: entries.length + 1, receivedAt: now, client, topic, payload: bytes }
    entries.push(entry)
    const output = stepEngine(engine, entry, context)
    transitions.push(...output.transitions)
    if (output.result) results.push(output.result)
    if (output.failed) failed.push(output.failed)
  }
  const tick = (more: object = {}) => {
    now += 1000
    elapsedMs += 1000
    append('system/tick', { v: 1, at: now, elapsedMs, intake: true, ...more })
  }
  const records = (estates: readonly Estate[]) => {
    const revision = revisions.size + 1
    revisions.set(revision, estates)
    append('system/records', { v: 1, revision })
  }
  const alarms = () => {
    const newest = new Map<string, Alarm>()
    for (const { record } of transitions) newest.set(record.alarm.id, record.alarm)
    return [...newest.values()]
  }
  const bench: Bench = {
    engine,
    entries,
    transitions,
    results,
    faults,
    failed,
    now: () => now,
    append,
    telemetry: (device, fields, { ts = now, client = GATEWAY } = {}) =>
      append(`estates/${ESTATE}/${device}/telemetry`, { ts, ...fields }, client),
    event: (device, event, { ts = now, client = GATEWAY } = {}) => append(`estates/${ESTATE}/${device}/event`, { ts, ...event }, client),
    availability: (device, word, client = GATEWAY) => append(`estates/${ESTATE}/${device}/availability`, word, client),
    presence: (what, more = {}) =>
      append('system/presence', {
        v: 1,
        username: GATEWAY,
        what,
        connections: what === 'connected' ? 1 : 0,
        clientId: 'box',
        address: '',
        ...more,
      }),
    seconds: (count, more) => {
      for (let i = 0; i < count; i++) tick(more)
    },
    gap: (ms) => {
      now += ms
      tick({ gapMs: ms })
    },
    jump: (ms) => {
      now += ms
      tick({ jumpMs: ms })
    },
    act: (alarm, action, more = {}) => {
      append('system/action', { v: 1, id: `action-${++actions}`, alarm, action, by: 'guard-a', ...more })
      return results.at(-1)!
    },
    records,
    alarms,
    open: () => alarms().flatMap(({ code, state }) => (state === 'closed' ? [] : [`${code} ${state}`])),
    alarm: (code) => {
      const found = alarms().findLast((alarm) => alarm.code === code)
      if (!found)
        throw new Error(
          `no alarm ${code} among ${alarms()
            .map((alarm) => alarm.code)
            .join(', ')}`,
        )
      return found
    },
  }
  tick()
  records(options.estates ?? [defaultEstate()])
  return bench
}

/** Answers from what the bench has seen, as the database would. */
export function benchContext(kept: {
  readonly revisions: ReadonlyMap<number, readonly Estate[]>
  readonly transitions: readonly Transition[]
  readonly results: readonly ActionResult[]
  readonly faults: unknown[]
}): EngineContext {
  return {
    rawDays: 30,
    estatesAt: (revision) => ({ revision, estates: new Map((kept.revisions.get(revision) ?? []).map((estate) => [estate.id, estate])) }),
    findClosed: (id): AlarmRecord | undefined => kept.transitions.findLast(({ record }) => record.alarm.id === id)?.record,
    findResult: (action) => kept.results.find(({ id }) => id === action),
    onFault: (error) => void kept.faults.push(error),
  }
}
