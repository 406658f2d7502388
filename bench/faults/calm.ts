/** Holds the alarms of a system that was killed again and again against those of an engine that works through the same journal once, undisturbed. */
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { startAlarms } from '../../alarms/role.ts'
import { startJournalReader } from '../../broker/journal/reader.ts'
import { readConfig } from '../../config.ts'
import type { AlarmChanged } from '../../domain/system.ts'
import { SYSTEM_TOPICS } from '../../domain/system.ts'
import { openDatabase } from '../../storage/sqlite.ts'
import type { Taken } from './guard.ts'

export interface AlarmCount {
  readonly alarms: number
  readonly transitions: number
  readonly missing: number
  readonly doubled: number
  readonly examples: readonly string[]
}

const EVALUATE_MS = 180_000
const MOST_EXAMPLES = 10

/** A row of `alarm` or `timeline` as text, by what it is about. */
type Rows = ReadonlyMap<string, string>

/** Both folders are at rest. @returns what differs, transitions never told to the journal and actions that took no effect among it */
export async function compareAlarms(dataDir: string, calmDir: string, taken: readonly Taken[]): Promise<AlarmCount> {
  const cursor = cursorOf(dataDir)
  copyJournal(dataDir, calmDir, cursor)
  await evaluate(calmDir, cursor)
  const [alarms, timeline] = [readRows(dataDir, 'alarm'), readRows(dataDir, 'timeline')]
  const [calmAlarms, calmTimeline] = [readRows(calmDir, 'alarm'), readRows(calmDir, 'timeline')]
  const told = await readTold(dataDir)
  const examples: string[] = []
  let [missing, doubled] = [0, 0]
  const note = (text: string) => {
    if (examples.length < MOST_EXAMPLES) examples.push(text)
  }
  const miss = (text: string) => {
    missing++
    note(`missing: ${text}`)
  }
  const double = (text: string) => {
    doubled++
    note(`too much: ${text}`)
  }
  for (const [have, want] of [
    [alarms, calmAlarms],
    [timeline, calmTimeline],
  ] as const) {
    for (const [key, text] of want) if (have.get(key) !== text) miss(`${text}, there is ${have.get(key) ?? 'nothing'}`)
    for (const [key, text] of have) if (!want.has(key)) double(text)
  }
  for (const key of timeline.keys()) if (!told.has(key)) miss(`transition ${key} was never told`)
  for (const [key, bodies] of told) if (!timeline.has(key) || bodies.size > 1) double(`transition ${key} was told in ${bodies.size} ways`)
  for (const { alarm, transition } of taken)
    if (!timeline.has(`${alarm} ${transition}`)) miss(`an action answered with transition ${transition} of ${alarm}`)
  return { alarms: alarms.size, transitions: timeline.size, missing, doubled, examples }
}

export function cursorOf(dataDir: string): number {
  const database = openDatabase(join(dataDir, 'alarms.db'), { readonly: true })
  const row = database.prepare(`select body from engine where name = 'cursor'`).get()
  database.close()
  return Number(row?.['body'] ?? 0)
}

/** Messages of the engine that the journal does not have yet. */
export function waitingToBeTold(dataDir: string): number {
  const database = openDatabase(join(dataDir, 'alarms.db'), { readonly: true })
  const row = database.prepare('select count(*) as n from outbox').get()
  database.close()
  return Number(row?.['n'])
}

/** Every alarm that is not closed, by the topic on which others follow it. */
export function openAlarmTopics(dataDir: string): ReadonlyMap<string, string> {
  const database = openDatabase(join(dataDir, 'alarms.db'), { readonly: true })
  const rows = database.prepare(`select id, estate, body from alarm where state <> 'closed' and estate <> 'system'`).all()
  database.close()
  return new Map(
    rows.map(({ id, estate, body }) => [
      `estates/${String(estate)}/alarms/${String(id)}`,
      JSON.stringify((JSON.parse(String(body)) as { readonly alarm: unknown }).alarm),
    ]),
  )
}

/** The journal up to where the killed engine came, so that both have seen the same. */
function copyJournal(from: string, to: string, upTo: number): void {
  mkdirSync(join(to, 'journal'), { recursive: true })
  for (const name of readdirSync(from)) if (/^records\.db/.test(name)) cpSync(join(from, name), join(to, name))
  for (const name of readdirSync(join(from, 'journal'))) cpSync(join(from, 'journal', name), join(to, 'journal', name))
  for (const name of readdirSync(join(to, 'journal')).filter((one) => one.endsWith('.sqlite'))) {
    const segment = openDatabase(join(to, 'journal', name))
    segment.prepare('delete from entry where seq > ?').run(upTo)
    segment.close()
  }
}

async function evaluate(dataDir: string, upTo: number): Promise<void> {
  const role = await startAlarms(readConfig({ DATA_DIR: dataDir, MQTT_PORT: '0', HTTP_PORT: '0' }), pino({ level: 'silent' }))
  const deadline = Date.now() + EVALUATE_MS
  // An entry that changes nothing is not always worth a cursor, so the last one may stay a little behind.
  for (let before = -1; ; before = cursorOf(dataDir)) {
    const now = existsSync(join(dataDir, 'alarms.db')) ? cursorOf(dataDir) : 0
    if (now >= upTo) break
    if (Date.now() > deadline) throw new Error(`the undisturbed engine came to ${before} of ${upTo} within ${EVALUATE_MS / 1000} s`)
    await sleep(100)
  }
  await role.close()
}

function readRows(dataDir: string, table: 'alarm' | 'timeline'): Rows {
  const database = openDatabase(join(dataDir, 'alarms.db'), { readonly: true })
  const rows = database.prepare(`select * from ${table}`).all()
  database.close()
  return new Map(
    rows.map((row) => [table === 'alarm' ? String(row['id']) : `${String(row['alarm'])} ${String(row['n'])}`, JSON.stringify(row)]),
  )
}

/** Each transition that the journal was told, with the ways in which it was told: one, however often. */
async function readTold(dataDir: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const told = new Map<string, Set<string>>()
  const journal = startJournalReader({ dataDir })
  for (let slice = journal.read(0, 2000); slice.length > 0; slice = journal.read(slice.at(-1)!.seq, 2000))
    for (const { topic, payload } of slice) {
      if (topic !== SYSTEM_TOPICS.alarm) continue
      const { alarm } = JSON.parse(Buffer.from(payload).toString()) as AlarmChanged
      const key = `${alarm.id} ${alarm.transition}`
      told.set(key, (told.get(key) ?? new Set()).add(JSON.stringify(alarm)))
    }
  await journal.close()
  return told
}
