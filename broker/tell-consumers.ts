/** From outside the broker's process: how far the consumers are, and that one of them is gone. Over the broker's door, or in its file while it is stopped. */
import { existsSync } from 'node:fs'
import { AppError } from '../domain/errors.ts'
import { openBrokerDb } from './broker-db.ts'
import { openConsumers, type ConsumerPlace } from './consumers.ts'
import { startBrokerLink } from './journal/link.ts'
import { takeLock } from './journal/lock.ts'
import { journalFolder } from './journal/segments.ts'
import { statJournal } from './journal/verify.ts'

export interface ConsumersReport {
  readonly head: number
  readonly consumers: readonly ConsumerPlace[]
}

const RUNNING_MS = 2_000

/** @throws AppError `not-found` without a journal */
export function askConsumers(dataDir: string): Promise<ConsumersReport> {
  return tell(dataDir, undefined)
}

/** @throws AppError `not-found` for a name that nobody knows, or without a journal */
export function declareGone(dataDir: string, name: string): Promise<ConsumersReport> {
  return tell(dataDir, name)
}

async function tell(dataDir: string, gone: string | undefined): Promise<ConsumersReport> {
  const folder = journalFolder(dataDir)
  if (!existsSync(folder)) throw new AppError('not-found', `There is no journal in ${dataDir}.`)
  const lock = await takeLock(folder).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'already-running') return undefined
    throw error
  })
  return lock ? inFile(dataDir, gone).finally(() => lock.close()) : overDoor(dataDir, gone)
}

async function overDoor(dataDir: string, gone: string | undefined): Promise<ConsumersReport> {
  const link = startBrokerLink({ dataDir })
  const within = { timeoutMs: RUNNING_MS }
  try {
    if (gone !== undefined) await link.request('gone', { name: gone }, within)
    return await link.request<ConsumersReport>('consumers', {}, within)
  } finally {
    await link.close()
  }
}

async function inFile(dataDir: string, gone: string | undefined): Promise<ConsumersReport> {
  const db = openBrokerDb(dataDir)
  try {
    const consumers = openConsumers(db)
    if (gone !== undefined && !consumers.declareGone(gone)) throw new AppError('not-found', `No consumer is named ${gone}.`)
    return { head: statJournal(dataDir).at(-1)?.last ?? 0, consumers: consumers.list() }
  } finally {
    db.close()
  }
}
