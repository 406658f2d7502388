/** Keeps what a slice of the journal did to the alarms, with the cursor, in one transaction: after a kill everything or nothing of it is there. */
import { join } from 'node:path'
import { DAY_MS, type EpochMs } from '../domain/clock.ts'
import type { DeviceId } from '../domain/reading.ts'
import { SYSTEM_TOPICS, type ActionResult, type AlarmChanged, type Failed } from '../domain/system.ts'
import { openMigrated } from '../storage/migrations.ts'
import type { Database } from '../storage/sqlite.ts'
import { ALARMS_FILE, ALARMS_STEPS } from './alarms-schema.ts'
import {
  emptyEngine,
  keptForm,
  putDevice,
  schedule,
  type KeptDevice,
  type EngineClock,
  type EngineState,
  type Transition,
} from './engine-state.ts'
import type { RuleSet } from './rule-set.ts'
import type { AlarmRecord } from './step.ts'
import { keep } from './work.ts'

export interface SliceOutcome {
  readonly cursor: number
  readonly transitions: readonly Transition[]
  readonly results: readonly ActionResult[]
  /** Entries on which the engine failed. */
  readonly failed?: readonly Failed[]
  /** The journal's time at the end of the slice. */
  readonly at: EpochMs
}

export interface OutboxMessage {
  readonly n: number
  readonly topic: string
  readonly payload: unknown
}

export interface AlarmsDb {
  cursor(): number
  load(rules: RuleSet, estatesAt: (revision: number) => EngineState['estates']): EngineState
  /** @throws when the disk is full or the like: nothing of the slice is kept, so the engine must be loaded anew. */
  save(engine: EngineState, outcome: SliceOutcome): void
  findAlarm(id: string): AlarmRecord | undefined
  findResult(action: string): ActionResult | undefined
  /** The oldest messages not yet told. */
  outbox(limit: number): readonly OutboxMessage[]
  told(upTo: number): void
  close(): void
}

interface Meta {
  readonly clock: EngineClock
  readonly revision: number
  readonly groups: EngineState['groups']
}

const RESULTS_KEPT_MS = 2 * DAY_MS

// NORMAL: when the power fails the last slices may be gone, cursor and all; the journal gives them again and they come to the same alarms.
export function openAlarmsDb(options: { readonly dataDir: string }): AlarmsDb {
  const database = openMigrated(join(options.dataDir, ALARMS_FILE), ALARMS_STEPS, { synchronous: 'NORMAL' })
  const statements = prepare(database)
  const text = (row: Record<string, unknown> | undefined) => (row ? String(row['body']) : undefined)
  const parsed = <T>(row: Record<string, unknown> | undefined) => {
    const body = text(row)
    return body === undefined ? undefined : (JSON.parse(body) as T)
  }
  let pruneAt = 0
  return {
    cursor: () => Number(text(statements.meta.get('cursor')) ?? 0),
    load: (rules, estatesAt) => {
      const engine = emptyEngine(rules)
      const meta = parsed<Meta>(statements.meta.get('state'))
      if (meta) {
        Object.assign(engine.clock, meta.clock)
        engine.revision = meta.revision
        engine.groups = meta.groups
        engine.wheelAt = Math.floor(meta.clock.countedMs / 1000)
        engine.estates = estatesAt(meta.revision)
      }
      for (const row of statements.open.all()) keep({ engine }, JSON.parse(String(row['body'])) as AlarmRecord)
      for (const row of statements.devices.all())
        schedule(engine, putDevice(engine, parseKey(String(row['key'])), JSON.parse(String(row['body'])) as KeptDevice))
      return engine
    },
    save: (engine, { cursor, transitions, results, failed = [], at }) => {
      database.transaction(() => {
        for (const { record, event } of transitions) {
          const { alarm } = record
          const message: AlarmChanged = { v: 1, alarm }
          statements.addTimeline.run(alarm.id, alarm.transition, event.at, event.what, event.who ?? null, event.detail ?? null)
          statements.addOutbox.run(SYSTEM_TOPICS.alarm, JSON.stringify(message))
        }
        for (const record of newestOf(transitions, engine)) {
          const { alarm } = record
          statements.putAlarm.run(alarm.id, alarm.estate, alarm.state, alarm.priority, alarm.raisedAt, JSON.stringify(record))
        }
        for (const result of results) {
          statements.putResult.run(result.id, at, JSON.stringify(result))
          statements.addOutbox.run(SYSTEM_TOPICS.actionResult, JSON.stringify(result))
        }
        for (const letter of failed) statements.addOutbox.run(SYSTEM_TOPICS.failed, JSON.stringify(letter))
        for (const key of engine.removed) statements.dropDevice.run(key)
        for (const device of engine.dirty) statements.putDevice.run(device.key, JSON.stringify(keptForm(device)))
        const meta: Meta = { clock: engine.clock, revision: engine.revision, groups: engine.groups }
        statements.putMeta.run('state', JSON.stringify(meta))
        statements.putMeta.run('cursor', String(cursor))
        if (at >= pruneAt) statements.prune.run(at - RESULTS_KEPT_MS)
      })
      if (at >= pruneAt) pruneAt = at + DAY_MS / 24
      engine.dirty.clear()
      engine.removed.clear()
      engine.touched.clear()
      engine.closed.clear()
    },
    findAlarm: (id) => parsed<AlarmRecord>(statements.alarm.get(id)),
    findResult: (action) => parsed<ActionResult>(statements.result.get(action)),
    outbox: (limit) =>
      statements.outbox
        .all(limit)
        .map((row) => ({ n: Number(row['n']), topic: String(row['topic']), payload: JSON.parse(String(row['payload'])) as unknown })),
    told: (upTo) => void statements.told.run(upTo),
    close: () => database.close(),
  }
}

function prepare(database: Database) {
  const putBody = (table: string, key: string) =>
    database.prepare(`insert into ${table} (${key}, body) values (?, ?) on conflict (${key}) do update set body = excluded.body`)
  return {
    meta: database.prepare('select body from engine where name = ?'),
    putMeta: putBody('engine', 'name'),
    devices: database.prepare('select key, body from device'),
    putDevice: putBody('device', 'key'),
    dropDevice: database.prepare('delete from device where key = ?'),
    alarm: database.prepare('select body from alarm where id = ?'),
    open: database.prepare(`select body from alarm where state <> 'closed'`),
    putAlarm: database.prepare(`
      insert into alarm (id, estate, state, priority, raised_at, body) values (?, ?, ?, ?, ?, ?)
      on conflict (id) do update set state = excluded.state, priority = excluded.priority, body = excluded.body`),
    addTimeline: database.prepare('insert into timeline (alarm, n, at, what, who, detail) values (?, ?, ?, ?, ?, ?)'),
    addOutbox: database.prepare('insert into outbox (topic, payload) values (?, ?)'),
    outbox: database.prepare('select n, topic, payload from outbox order by n limit ?'),
    told: database.prepare('delete from outbox where n <= ?'),
    result: database.prepare('select body from result where action = ?'),
    putResult: database.prepare('insert into result (action, at, body) values (?, ?, ?) on conflict (action) do nothing'),
    prune: database.prepare('delete from result where at < ?'),
  }
}

/** Each alarm as it is at the end of the slice, also where only what the engine remembers of it has changed. */
function newestOf(transitions: readonly Transition[], engine: EngineState): Iterable<AlarmRecord> {
  const newest = new Map<string, AlarmRecord>()
  for (const { record } of transitions) newest.set(record.alarm.id, record)
  for (const id of engine.touched) {
    const record = engine.alarms.get(id)
    if (record) newest.set(id, record)
  }
  return newest.values()
}

function parseKey(key: string): DeviceId {
  const [estate = '', kind = '', device = ''] = key.split('/')
  return { estate, kind, device }
}
