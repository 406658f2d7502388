/** Tells the alarm engine, through the journal, of faults of ingest itself: says each change once, in order, and again until the broker has it. */
import type { BrokerLink } from '../domain/journal.ts'
import { SYSTEM_TOPICS, type SystemFault } from '../domain/system.ts'
import type { Log } from '../log.ts'

export interface FaultReporter {
  set(code: SystemFault['code'], active: boolean, detail: string): void
  close(): Promise<void>
}

const RETRY_MS = 2000

export function startFaultReporter(options: { readonly link: BrokerLink; readonly log: Log }): FaultReporter {
  const queue: SystemFault[] = []
  const last = new Map<SystemFault['code'], boolean>()
  let closed = false
  let running: Promise<void> | undefined

  const tell = async () => {
    for (let fault = queue[0]; fault && !closed; fault = queue[0])
      try {
        await options.link.append(SYSTEM_TOPICS.fault, fault)
        queue.shift()
      } catch (error) {
        options.log.warn({ err: error, code: fault.code }, 'the fault could not be told to the broker yet')
        return
      }
  }
  const start = () => {
    running ??= tell().finally(() => {
      running = undefined
    })
  }
  const timer = setInterval(start, RETRY_MS)
  timer.unref()
  return {
    set: (code, active, detail) => {
      if (last.get(code) === active) return
      last.set(code, active)
      queue.push({ v: 1, code, active, detail, ...(code === 'disk-low' && { subject: 'telemetry' }) })
      start()
    },
    close: async () => {
      closed = true
      clearInterval(timer)
      await running
    },
  }
}
