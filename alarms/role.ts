/** The alarm engine as a process: follows the journal, keeps each slice's alarms with the cursor, and tells the journal what has changed. */
import type { Config } from '../config.ts'
import { DEFAULT_RULES } from '../devices/default-rules.ts'
import { AppError } from '../domain/errors.ts'
import type { JournalEntry } from '../domain/journal.ts'
import { SYSTEM_TOPICS, type ActionResult, type EngineAlive, type Failed, type SystemFault } from '../domain/system.ts'
import { startConsumer, type Consumer } from '../broker/journal/consumer.ts'
import { startBrokerLink } from '../broker/journal/link.ts'
import { startJournalReader } from '../broker/journal/reader.ts'
import type { Log } from '../log.ts'
import { openRecordsReader } from '../storage/records-reader.ts'
import { startStatusWriter } from '../storage/role-status.ts'
import { openAlarmsDb } from './alarms-db.ts'
import { stepEngine, type EngineContext } from './engine.ts'
import type { EngineState, Transition } from './engine-state.ts'
import { startOutbox } from './outbox.ts'
import { compileRules, type RuleSet } from './rule-set.ts'

const ALIVE_MS = 1000

export async function startAlarms(
  config: Config,
  log: Log,
  rules: RuleSet = compileRules(DEFAULT_RULES),
): Promise<{ close(): Promise<void> }> {
  const { dataDir } = config
  const status = startStatusWriter({ dataDir, role: 'alarms' })
  const db = openAlarmsDb({ dataDir })
  const records = openRecordsReader({ dataDir })
  const journal = startJournalReader({ dataDir })
  const link = startBrokerLink({ dataDir })
  const outbox = startOutbox({ db, link, log })
  const estatesAt = (revision: number) => {
    if (revision > 0 && (records.newestRevision() ?? 0) < revision)
      throw new AppError('internal-error', `Revision ${revision} of the records is not in records.db yet.`)
    return records.estatesAt(revision)
  }
  const context: EngineContext = {
    rawDays: config.rawDays,
    estatesAt,
    findClosed: (id) => db.findAlarm(id),
    findResult: (action) => db.findResult(action),
    onFault: (error, entry) => log.error({ err: error, seq: entry.seq, topic: entry.topic }, 'an entry could not be judged'),
  }
  let engine: EngineState | undefined
  let tickAt = 0
  let toldTickAt = 0
  let waitingFor: string | undefined

  const load = (): EngineState => {
    const loaded = db.load(rules, (revision) => estatesAt(revision).estates)
    // A journal whose beginning is gone does not say which records were in force: the newest are the best guess.
    if (db.cursor() === 0 && journal.first() > 1) {
      loaded.revision = records.newestRevision() ?? 0
      loaded.estates = records.estatesAt(loaded.revision).estates
    }
    return loaded
  }

  const handle = (entries: readonly JournalEntry[]) => {
    const transitions: Transition[] = []
    const results: ActionResult[] = []
    const failed: Failed[] = []
    let newTick = tickAt
    try {
      engine ??= load()
      waitingFor = undefined
      for (const entry of entries) {
        const output = stepEngine(engine, entry, {
          ...context,
          findResult: (id) => results.find((result) => result.id === id) ?? db.findResult(id),
        })
        transitions.push(...output.transitions)
        if (output.result) results.push(output.result)
        if (output.failed) failed.push(output.failed)
        newTick = output.tickAt ?? newTick
      }
      const last = entries.at(-1)!
      if (transitions.length > 0 || results.length > 0 || newTick !== tickAt || engine.dirty.size > 0)
        db.save(engine, { cursor: last.seq, transitions, results, failed, at: last.receivedAt })
    } catch (error) {
      engine = undefined // nothing of the slice was kept, so nothing of it may be remembered
      waitingFor = error instanceof Error ? error.message : String(error)
      throw error
    }
    tickAt = newTick
    if (transitions.length > 0 || results.length > 0 || failed.length > 0) outbox.kick()
  }

  const alive = setInterval(() => {
    if (tickAt === toldTickAt || !link.connected()) return
    toldTickAt = tickAt
    const message: EngineAlive = { v: 1, at: tickAt, seq: consumer.cursor() }
    link.append(SYSTEM_TOPICS.engine, message, { timeoutMs: ALIVE_MS }).catch(() => undefined) // the next one is a second away
  }, ALIVE_MS)
  const consumer: Consumer = startConsumer({
    journal,
    cursor: db.cursor(),
    handle,
    report: { link, name: 'alarms' },
    onGap: ({ from, to }) => {
      const fault = (active: boolean): SystemFault => ({
        v: 1,
        code: 'journal-gap',
        active,
        detail: active ? `Entries ${from} to ${to} were gone before the alarm engine had read them.` : '',
      })
      for (const active of [true, false])
        link.append(SYSTEM_TOPICS.fault, fault(active)).catch((error: unknown) => log.error({ err: error }, 'a gap could not be told'))
    },
    log,
  })
  const report = setInterval(() => {
    const { ageMs } = consumer.lag()
    const missing = waitingFor ?? (link.connected() ? undefined : 'the broker')
    status.set({
      state: missing === undefined ? 'running' : 'waiting',
      waitingFor: missing ?? '',
      cursor: consumer.cursor(),
      lagMs: ageMs,
      figures: { alarms_open: engine?.alarms.size ?? 0, devices: engine?.devices.size ?? 0 },
    })
  }, ALIVE_MS)

  return {
    close: async () => {
      clearInterval(alive)
      clearInterval(report)
      await consumer.close()
      await outbox.close()
      await link.close()
      await journal.close()
      records.close()
      db.close()
      await status.close()
    },
  }
}
