import { mkdirSync } from 'node:fs'
import process from 'node:process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openAlarmsDb } from '../../alarms/alarms-db.ts'
import type { Transition } from '../../alarms/engine-state.ts'
import { stepEngine } from '../../alarms/engine.ts'
import { compileRules } from '../../alarms/rule-set.ts'
import { DEFAULT_RULES } from '../../devices/default-rules.ts'
import type { ActionResult } from '../../domain/system.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { estate } from './estate.ts'
import { benchContext, startBench, type Bench } from './harness.ts'

// By hand with more: LAW_RUNS=100000 npx vitest run --project unit test/alarms/laws.test.ts
const WANTED = Number(process.env['LAW_RUNS'] ?? 0)
const TIMEOUT_MS = WANTED > 0 ? 24 * 3_600_000 : 60_000
const runs = (usual: number) => (WANTED > 0 ? WANTED : usual)

/** One thing that happens: a message, a person's action, or seconds that pass. */
type Move = (bench: Bench) => void

const zones = fc.constantFrom('fence-zone/zone-1', 'fence-zone/zone-2')
const fenceStates = fc.constantFrom('normal', 'normal', 'touch', 'climb', 'cut', 'short', 'tamper', 'low-voltage', 'power-off')
const lateness = fc.constantFrom(0, 0, 0, -3000, -40_000)
const lift = fc.record({
  mode: fc.constantFrom('normal', 'normal', 'inspection'),
  door: fc.constantFrom('closed', 'closed', 'open'),
  in_door_zone: fc.boolean(),
  passenger: fc.boolean(),
  direction: fc.constantFrom('none', 'none', 'up'),
  speed_mps: fc.constantFrom(0, 0, 1),
})

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.tuple(zones, fenceStates, fc.boolean(), lateness).map(
    ([zone, state, armed, late]): Move =>
      (b) =>
        b.telemetry(zone, { state, armed }, { ts: b.now() + late }),
  ),
  fc.tuple(zones, fc.constantFrom('touch', 'cut', 'tamper'), fc.boolean(), lateness).map(
    ([zone, code, active, late]): Move =>
      (b) =>
        b.event(zone, { code, active }, { ts: b.now() + late }),
  ),
  fc.tuple(lift, lateness).map(
    ([fields, late]): Move =>
      (b) =>
        b.telemetry('elevator/lift-1', fields, { ts: b.now() + late }),
  ),
  fc.tuple(fc.constantFrom(0, 1, 5, 90, 93), fc.boolean()).map(
    ([code, active]): Move =>
      (b) =>
        b.event('elevator/lift-1', { scheme: 'chongqing', code, active }),
  ),
  fc.constantFrom('free', 'occupied').map(
    (status): Move =>
      (b) =>
        b.telemetry('parking-bay/bay-fire', { status }),
  ),
  fc.constantFrom('ok', 'lost', 'covered').map(
    (video): Move =>
      (b) =>
        b.telemetry('camera/cam-1', { video }),
  ),
  fc.constantFrom('connected' as const, 'gone' as const).map(
    (what): Move =>
      (b) =>
        b.presence(what),
  ),
  fc.constantFrom(1, 5, 30, 60, 400).map(
    (seconds): Move =>
      (b) =>
        b.seconds(seconds),
  ),
  fc.constantFrom(3000, 60_000).map(
    (ms): Move =>
      (b) =>
        b.gap(ms),
  ),
  fc.tuple(fc.constantFrom('acknowledge', 'reset', 'shelve', 'unshelve', 'comment'), fc.nat(5)).map(([action, which]): Move => (b) => {
    const alarm = b.alarms().at(-1 - which)
    if (alarm) b.act(alarm.id, action, { until: b.now() + 20_000, reason: 'test', text: 'seen' })
  }),
)
const moves = fc.array(move, { minLength: 1, maxLength: 40 })

function play(list: readonly Move[]): Bench {
  const bench = startBench()
  for (const one of list) one(bench)
  expect(bench.faults).toEqual([])
  return bench
}

test('of one rule and device at most one alarm is open, and each transition counts one up', { timeout: TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(moves, (list) => {
      const bench = play(list)
      const last = new Map<string, number>()
      const open = new Map<string, string>()
      for (const { record } of bench.transitions) {
        const { alarm, rule } = record
        expect(alarm.transition).toBe((last.get(alarm.id) ?? 0) + 1)
        last.set(alarm.id, alarm.transition)
        const subject = `${rule} ${alarm.estate}/${alarm.kind}/${alarm.device}`
        expect(open.get(subject) ?? alarm.id).toBe(alarm.id)
        if (alarm.state === 'closed') open.delete(subject)
        else open.set(subject, alarm.id)
      }
      expect(new Set(open.values())).toEqual(new Set(bench.engine.alarms.keys()))
    }),
    { numRuns: runs(150) },
  )
})

test('a message that comes twice in a row changes nothing the second time', { timeout: TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(moves, move, (list, last) => {
      const bench = play(list)
      const start = bench.entries.length
      last(bench)
      const entry = bench.entries[bench.entries.length - 1]!
      if (bench.entries.length !== start + 1 || entry.client === 'system') return
      const before = bench.transitions.length
      bench.append(entry.topic, Buffer.from(entry.payload).toString('utf8'), entry.client)
      expect(bench.transitions.slice(before)).toEqual([])
    }),
    { numRuns: runs(150) },
  )
})

test('a restart between any two slices gives the same alarms and the same transitions', { timeout: TIMEOUT_MS }, () => {
  const dir = makeTempDir()
  try {
    let run = 0
    fc.assert(
      fc.property(moves, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }), (list, slices) => {
        const bench = play(list)
        const path = `${dir.path}/${run++}`
        mkdirSync(path)
        const transitions = replayWithRestarts(bench, slices, path)
        expect(transitions.map(({ record, event }) => [record.alarm, event])).toEqual(
          bench.transitions.map(({ record, event }) => [record.alarm, event]),
        )
      }),
      { numRuns: runs(30) },
    )
  } finally {
    dir.remove()
  }
})

/** Works through the bench's entries in slices of these sizes, starting anew from the file after each. */
function replayWithRestarts(bench: Bench, slices: readonly number[], dataDir: string): readonly Transition[] {
  const rules = compileRules(DEFAULT_RULES)
  const transitions: Transition[] = []
  const results: ActionResult[] = []
  const context = benchContext({ revisions: new Map([[1, [estate()]]]), transitions, results, faults: [] })
  const estatesAt = (revision: number) => context.estatesAt(revision).estates
  for (let cursor = 0, i = 0; cursor < bench.entries.length; i++) {
    const db = openAlarmsDb({ dataDir })
    expect(db.cursor()).toBe(cursor)
    const engine = db.load(rules, estatesAt)
    const entries = bench.entries.slice(cursor, cursor + slices[i % slices.length]!)
    const out = entries.map((entry) =>
      stepEngine(engine, entry, {
        ...context,
        findClosed: (id: string) => db.findAlarm(id),
        findResult: (id: string) => db.findResult(id),
      }),
    )
    const last = entries.at(-1)!
    cursor = last.seq
    const slice = out.flatMap((output) => output.transitions)
    db.save(engine, { cursor, transitions: slice, results: out.flatMap(({ result }) => (result ? [result] : [])), at: last.receivedAt })
    transitions.push(...slice)
    db.close()
  }
  return transitions
}
