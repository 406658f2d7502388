/** Tells the broker which credentials there are and the journal which revision of the records is in force; again whenever they may not know. */
import type { BrokerLink } from '../../domain/journal.ts'
import { SYSTEM_TOPICS, SYSTEM_VERSION, type RecordsChanged } from '../../domain/system.ts'
import type { Log } from '../../log.ts'
import { listCredentials } from './records/credentials.ts'
import type { RecordsDatabase } from './records/database.ts'
import { newestRevision } from './records/estates.ts'
import { readSetting, writeSetting } from './records/settings.ts'

/** How long a call of a person waits for the broker; the work itself is repeated until it is done. */
const WAIT_MS = 3000
const LOOK_MS = 250
const REPEAT_MS = 30_000

export interface BrokerSync {
  /** Sends all credentials; revoked and rotated ones are disconnected when this comes back with true. */
  credentials(): Promise<boolean>
  /** Appends `system/records` if the journal has not been told of the newest revision. */
  revision(): Promise<boolean>
  close(): Promise<void>
}

export function startBrokerSync(options: {
  readonly records: RecordsDatabase
  readonly broker: BrokerLink
  readonly log: Log
}): BrokerSync {
  const { records, broker, log } = options
  let knows = false // the broker that is connected now has the newest credentials
  let sentAt = 0
  let closed = false
  let turn: Promise<unknown> = Promise.resolve()

  // One after the other, so that an older list never overtakes a newer one.
  const inTurn = (work: () => Promise<void>): Promise<boolean> => {
    const done = turn.then(async () => {
      if (closed || !broker.connected()) return false // told as soon as it is there
      try {
        await work()
        return true
      } catch (error) {
        log.warn({ err: error }, 'the broker has not been told yet; it will be')
        return false
      }
    })
    turn = done
    return done
  }
  const sendCredentials = async () => {
    knows = false
    const revision = Number((await readSetting(records, 'credentials-revision')) ?? 0) + 1
    await writeSetting(records, 'credentials-revision', String(revision))
    const credentials = (await listCredentials(records)).map(({ username, passwordSha256, owner, publish, subscribe }) => ({
      username,
      passwordSha256,
      owner,
      publish,
      subscribe,
    }))
    await broker.request('credentials', { revision, credentials }, { timeoutMs: WAIT_MS })
    knows = true
    sentAt = Date.now()
  }
  const sendRevision = async () => {
    const newest = await newestRevision(records)
    if (newest === undefined || newest <= Number((await readSetting(records, 'journaled-revision')) ?? 0)) return
    const change: RecordsChanged = { v: SYSTEM_VERSION, revision: newest }
    await broker.append(SYSTEM_TOPICS.records, change, { timeoutMs: WAIT_MS })
    await writeSetting(records, 'journaled-revision', String(newest))
  }
  const timer = setInterval(() => {
    if (!broker.connected()) knows = false
    else if (!knows || Date.now() - sentAt > REPEAT_MS) {
      knows = true // one attempt at a time
      void inTurn(sendCredentials).then((done) => {
        if (!done) knows = false
      })
      void inTurn(sendRevision)
    }
  }, LOOK_MS)

  return {
    credentials: () => inTurn(sendCredentials),
    revision: () => inTurn(sendRevision),
    close: async () => {
      closed = true
      clearInterval(timer)
      await turn
    },
  }
}
