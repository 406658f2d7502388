/** A guard at the desk of a system under fire: acknowledges and resets what stands, over REST, each action with a key of its own that is repeated until it is answered. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Alarm } from '../../domain/alarm.ts'

const PAUSE_MS = 400
const RETRY_MS = 200
const ANSWER_MS = 5000

export interface Taken {
  readonly alarm: string
  /** The transition it led to. */
  readonly transition: number
}

export interface Guard {
  /** Every action that was answered with 200. */
  readonly taken: readonly Taken[]
  close(): Promise<void>
}

export function startGuard(options: { readonly url: string; readonly cookie: string; readonly name: string }): Guard {
  const taken: Taken[] = []
  let closed = false
  const call = async (method: string, path: string, headers: Readonly<Record<string, string>> = {}) => {
    try {
      const answer = await fetch(`${options.url}/api/v1${path}`, {
        method,
        headers: { cookie: options.cookie, ...headers },
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      return { status: answer.status, body: await answer.json() }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return undefined // the server is away
    }
  }
  const act = async (alarm: Alarm, action: 'acknowledge' | 'reset', key: string) => {
    while (!closed) {
      const answer = await call('POST', `/alarms/${alarm.id}/${action}`, { 'idempotency-key': key })
      if (answer && answer.status < 500) {
        if (answer.status === 200) taken.push({ alarm: alarm.id, transition: (answer.body as Alarm).transition })
        return
      }
      await sleep(RETRY_MS)
    }
  }
  const run = async () => {
    for (let n = 0; !closed; n++) {
      const page = await call('GET', '/alarms?standing=true&limit=50')
      const alarms = page?.status === 200 ? (page.body as { readonly alarms: readonly Alarm[] }).alarms : []
      const alarm = alarms[n % Math.max(1, alarms.length)]
      if (alarm?.state === 'latched') await act(alarm, 'reset', `${options.name}-${n}`)
      else if (alarm && alarm.state !== 'acknowledged') await act(alarm, 'acknowledge', `${options.name}-${n}`)
      await sleep(PAUSE_MS)
    }
  }
  const done = run()
  return {
    taken,
    close: async () => {
      closed = true
      await done
    },
  }
}
