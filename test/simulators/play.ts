/** Plays a scenario as fast as it goes through the real journal and the real alarm engine, and says what became of each alarm. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { startAlarms } from '../../alarms/role.ts'
import { startBrokerLink } from '../../broker/journal/link.ts'
import { startJournalReader } from '../../broker/journal/reader.ts'
import type { FromReplay, ReplayWork } from '../../broker/replay-worker.ts'
import { readConfig } from '../../config.ts'
import { openRecords } from '../../dashboard/server/records/database.ts'
import { saveEstates } from '../../dashboard/server/records/estates.ts'
import type { Alarm } from '../../domain/alarm.ts'
import type { EpochMs } from '../../domain/clock.ts'
import type { JournalEntry } from '../../domain/journal.ts'
import { SYSTEM_TOPICS, type AlarmChanged, type EngineAlive } from '../../domain/system.ts'
import { builtFile } from '../../project-root.ts'
import { lifeOffset } from '../../simulators/plan-scenario.ts'
import { recordLife } from '../../simulators/record-life.ts'
import { readScenario } from '../../simulators/scenario-files.ts'
import type { Scenario } from '../../simulators/scenario.ts'
import { silentLog } from '../support/broker.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { MIDNIGHT, readExample, simulations } from './support.ts'

export interface Played {
  readonly scenario: Scenario
  readonly startAt: EpochMs
  /** Every alarm as it was after each of its transitions, oldest first. */
  readonly transitions: readonly Alarm[]
  readonly entries: readonly JournalEntry[]
}

const SPEED = 1000
const RATHER_LONG_MS = 60_000

export async function playScenario(name: string): Promise<Played> {
  const scenario = readScenario(name)
  const estate = readExample(scenario.estate)
  const temp = makeTempDir()
  const startAt = MIDNIGHT + 2 * 3_600_000
  const life = { estate, simulations, seed: 760, startAt, lifeOffsetMs: lifeOffset(scenario, startAt) }
  const file = join(temp.path, 'recording.jsonl')
  writeFileSync(file, [...recordLife({ ...life, scenario, lengthMs: scenario.seconds * 1000 })].join('\n'))

  const { records } = openRecords(temp.path)
  const revision = await saveEstates(records, { put: [estate], remove: [], now: startAt })
  await records.destroy()
  const workerData: ReplayWork = { dataDir: temp.path, file, speed: SPEED, firstAt: startAt, hasTicks: false }
  const worker = new Worker(builtFile('broker/replay-worker'), { workerData })
  const said: FromReplay[] = []
  worker.on('message', (message: FromReplay) => said.push(message))
  await until(() => said.length > 0, { timeoutMs: RATHER_LONG_MS })
  const link = startBrokerLink({ dataDir: temp.path })
  await link.append(SYSTEM_TOPICS.records, { v: 1, revision }, { timeoutMs: RATHER_LONG_MS })
  const alarms = await startAlarms(readConfig({ DATA_DIR: temp.path, RAW_DAYS: '0' }), silentLog)
  const journal = startJournalReader({ dataDir: temp.path, pollMs: 20 })

  worker.postMessage({ type: 'play' })
  const done = await until(() => said.find((message) => message.type === 'done' || message.type === 'failed'), {
    timeoutMs: RATHER_LONG_MS,
  })
  if (done.type !== 'done') throw new Error(JSON.stringify(done))
  const entries: JournalEntry[] = []
  const readOn = () => {
    for (let slice = journal.read(entries.at(-1)?.seq ?? 0, 2000); slice.length > 0; slice = journal.read(entries.at(-1)!.seq, 2000))
      entries.push(...slice)
    return entries
  }
  // the engine says up to which entry it has committed, and its outbox comes before that
  await until(() => readOn().some(({ topic, payload }) => topic === SYSTEM_TOPICS.engine && parse<EngineAlive>(payload).seq >= done.head), {
    timeoutMs: RATHER_LONG_MS,
    what: 'the engine at the end of the journal',
  })
  await alarms.close()
  readOn()
  await link.close()
  await journal.close()
  const exited = new Promise((resolve) => worker.once('exit', resolve))
  worker.postMessage({ type: 'close' })
  await exited
  temp.remove()
  const transitions = entries.filter(({ topic }) => topic === SYSTEM_TOPICS.alarm).map(({ payload }) => parse<AlarmChanged>(payload).alarm)
  return { scenario, startAt, transitions, entries }
}

export function parse<T>(payload: Uint8Array): T {
  return JSON.parse(Buffer.from(payload).toString()) as T
}
