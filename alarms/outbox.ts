/** Tells the journal what the engine has committed, in order, until it has it: a message may go twice, none is left out. */
import { AppError } from '../domain/errors.ts'
import type { BrokerLink } from '../domain/journal.ts'
import type { Log } from '../log.ts'
import type { AlarmsDb } from './alarms-db.ts'

export interface Outbox {
  /** Something was committed. */
  kick(): void
  close(): Promise<void>
}

const BATCH = 64
const RETRY_MS = 250

export function startOutbox(options: { readonly db: AlarmsDb; readonly link: BrokerLink; readonly log: Log }): Outbox {
  const { db, link, log } = options
  let closed = false
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  /** @returns whether there may be more to send at once. */
  const sendBatch = async (): Promise<boolean> => {
    const batch = db.outbox(BATCH)
    if (batch.length === 0) return false
    // One line to the broker keeps their order; receivers go by the transition number.
    const sent = await Promise.allSettled(batch.map(({ topic, payload }) => link.append(topic, payload)))
    if (closed) return false
    const failed = sent.findIndex(({ status }) => status === 'rejected')
    const done = failed < 0 ? batch.length : failed
    if (done > 0) db.told(batch[done - 1]!.n)
    if (failed < 0) return true
    const reason: unknown = (sent[failed] as PromiseRejectedResult).reason
    if (!(reason instanceof AppError && reason.code === 'broker-away')) log.warn({ err: reason }, 'an alarm could not be told yet')
    timer = setTimeout(kick, RETRY_MS)
    return false
  }
  const kick = () => {
    if (closed || running) return // a batch on its way is followed by another look
    clearTimeout(timer)
    running = sendBatch()
      .catch((error: unknown) => {
        log.error({ err: error }, 'the outbox could not be read')
        timer = setTimeout(kick, RETRY_MS)
        return false
      })
      .then((more) => {
        running = undefined
        if (more) kick()
      })
  }
  kick()
  return {
    kick,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
