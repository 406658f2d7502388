/** What one reading costs in the alarm engine, through decode and its rules, while 100,000 rules are loaded: in CPU time of this process, so that neighbours on the machine count little. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { openAlarmsDb } from '../alarms/alarms-db.ts'
import { emptyEngine, type EngineState, type Transition } from '../alarms/engine-state.ts'
import { stepEngine, type EngineContext } from '../alarms/engine.ts'
import { compileRules } from '../alarms/rule-set.ts'
import { DEFAULT_RULES } from '../devices/default-rules.ts'
import type { Estate } from '../domain/estate.ts'
import type { JournalEntry } from '../domain/journal.ts'
import { SYSTEM_CLIENT } from '../domain/system.ts'
import { decode } from '../ingest/decode.ts'
import { inventEstates } from '../simulators/estate-maker/invent.ts'
import { loadSimulations } from '../simulators/load-simulations.ts'
import { rulesForDevices } from './rules/many-rules.ts'
import { liveEntries } from './rules/live-entries.ts'
import { median, type Report } from './report.ts'

const RULES = 100_000
const ESTATES = 38
const WARM_UP = 30_000
const ROUNDS = 5
const ROUND = 20_000
/** As many as the engine takes at a time when it is not behind by more. */
const SLICE = 200
const RAW_DAYS = 30

interface Cost {
  readonly decodeUs: number
  readonly judgeUs: number
  readonly saveUs: number
}

export default async function measureRules(): Promise<Report> {
  const estates = [...inventEstates({ count: ESTATES, seed: 7 })]
  const simulations = await loadSimulations()
  const entries = [...liveEntries(estates, simulations, WARM_UP + ROUNDS * ROUND + (ROUNDS + 1) * SLICE)]
  const few = run(estates, DEFAULT_RULES.length, entries)
  const many = run(estates, RULES, entries)
  const us = many.decodeUs + many.judgeUs
  return {
    table: [row('default', few, DEFAULT_RULES.length), row('with rules of one device each', many, RULES)],
    figures: {
      us_per_reading: us,
      rules: RULES,
      decode_us: many.decodeUs,
      judge_us: many.judgeUs,
      save_us: many.saveUs,
      us_per_reading_with_saving: us + many.saveUs,
      us_per_reading_default_rules: few.decodeUs + few.judgeUs,
      devices: many.devices,
      readings: ROUNDS * ROUND,
      raised_and_returned_percent: (100 * many.transitions) / (ROUNDS * ROUND),
    },
    limits: { us_per_reading: { figure: us, atMost: 8 }, rules: { figure: many.rules, atLeast: RULES } },
  }
}

function row(rules: string, cost: Cost, count: number) {
  const { decodeUs, judgeUs, saveUs } = cost
  const round = (us: number) => Number(us.toFixed(2))
  return { rules: `${count} ${rules}`, 'decode µs': round(decodeUs), 'rules µs': round(judgeUs), 'decode + rules µs': round(decodeUs + judgeUs), 'saving µs': round(saveUs) } // prettier-ignore
}

/** Ticks, timers, raising and returning are in it; of what the role does only the reading of the journal and the sending of the outbox are not. */
function run(estates: readonly Estate[], ruleCount: number, entries: readonly JournalEntry[]) {
  const rules = rulesForDevices(estates, ruleCount)
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-rules-'))
  const db = openAlarmsDb({ dataDir })
  try {
    const engine = emptyEngine(compileRules(rules))
    engine.estates = new Map(estates.map((estate) => [estate.id, estate]))
    const context: EngineContext = {
      rawDays: RAW_DAYS,
      estatesAt: (revision) => ({ revision, estates: engine.estates }),
      findClosed: () => undefined,
      findResult: () => undefined,
      onFault: (error) => {
        throw error
      },
    }
    const at = { cursor: 0 }
    play(engine, entries, { at, db, context, readings: WARM_UP })
    const costs: Cost[] = []
    let transitions = 0
    for (let round = 0; round < ROUNDS; round++) {
      const decodeUs = timeDecode(entries, at.cursor, engine)
      const cost = play(engine, entries, { at, db, context, readings: ROUND })
      transitions += cost.transitions
      costs.push({ decodeUs, judgeUs: cost.stepUs - decodeUs, saveUs: cost.saveUs })
    }
    return {
      decodeUs: median(costs.map(({ decodeUs }) => decodeUs)),
      judgeUs: median(costs.map(({ judgeUs }) => judgeUs)),
      saveUs: median(costs.map(({ saveUs }) => saveUs)),
      devices: engine.devices.size,
      rules: rules.length,
      transitions,
    }
  } finally {
    db.close()
    rmSync(dataDir, { recursive: true })
  }
}

interface Playing {
  readonly at: { cursor: number }
  readonly db: ReturnType<typeof openAlarmsDb>
  readonly context: EngineContext
  readonly readings: number
}

/** Slice by slice as the role does: step all, then save what has changed with the cursor. */
function play(engine: EngineState, entries: readonly JournalEntry[], { at, db, context, readings }: Playing) {
  let stepUs = 0
  let saveUs = 0
  let count = 0
  let told = 0
  while (count < readings) {
    const slice = entries.slice(at.cursor, at.cursor + SLICE).map(asRead)
    const last = slice.at(-1)
    if (!last) throw new Error('too few entries')
    const transitions: Transition[] = []
    const before = cpuUs()
    for (const entry of slice) transitions.push(...stepEngine(engine, entry, context).transitions)
    const stepped = cpuUs()
    db.save(engine, { cursor: last.seq, transitions, results: [], at: last.receivedAt })
    saveUs += cpuUs() - stepped
    stepUs += stepped - before
    told += transitions.length
    count += slice.filter(isReading).length
    at.cursor += slice.length
    const newest = db.outbox(64).at(-1)
    if (newest) db.told(newest.n)
  }
  return { stepUs: stepUs / count, saveUs: saveUs / count, transitions: told }
}

function timeDecode(entries: readonly JournalEntry[], from: number, engine: EngineState): number {
  const readings = entries
    .slice(from, from + ROUND)
    .filter(isReading)
    .map(asRead)
  const findDevice = (estate: string) => engine.estates.get(estate)
  let understood = 0
  const before = cpuUs()
  for (const entry of readings) if (decode(entry, { findDevice, rawDays: RAW_DAYS })[0]?.ok) understood++
  const us = (cpuUs() - before) / readings.length
  if (understood !== readings.length) throw new Error(`${readings.length - understood} readings were not understood`)
  return us
}

/** Made anew just before, as the journal's reader makes it. */
function asRead(entry: JournalEntry): JournalEntry {
  return {
    ...entry,
    topic: Buffer.from(entry.topic).toString(),
    client: Buffer.from(entry.client).toString(),
    payload: Buffer.from(entry.payload),
  }
}

function isReading({ client }: JournalEntry): boolean {
  return client !== SYSTEM_CLIENT
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
