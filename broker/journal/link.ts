/** The door to the broker for the other processes: appends our own messages to the journal and asks the broker things, also over its restarts. */
import { AppError, ERRORS, type ErrorCode } from '../../domain/errors.ts'
import type { BrokerLink } from '../../domain/journal.ts'
import { startDoorClient } from './door-client.ts'

const DEFAULT_TIMEOUT_MS = 5_000

/** One line to the broker. It does nothing with it after `deadline` (epoch ms; both are on one machine). */
export type DoorRequest =
  | { readonly id: number; readonly deadline: number; readonly append: { readonly topic: string; readonly payload: unknown } }
  | { readonly id: number; readonly deadline: number; readonly request: string; readonly body?: unknown }
export type DoorAnswer =
  | { readonly id: number; readonly ok: unknown }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } }

interface Waiting {
  readonly message: DoorRequest
  readonly timer: NodeJS.Timeout
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export function startBrokerLink(options: { readonly dataDir: string }): BrokerLink {
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  const client = startDoorClient({
    dataDir: options.dataDir,
    // What had no answer when the line broke is sent again: at least once; consumers are idempotent.
    onOpen: () => {
      for (const { message } of waiting.values()) client.send(message)
    },
    onMessage: (message) => {
      const answer = message as DoorAnswer
      const call = waiting.get(answer.id)
      if (!call) return
      waiting.delete(answer.id)
      clearTimeout(call.timer)
      if ('ok' in answer) call.resolve(answer.ok)
      else
        call.reject(new AppError(answer.error.code in ERRORS ? (answer.error.code as ErrorCode) : 'internal-error', answer.error.message))
    },
  })
  const call = (what: { append: { topic: string; payload: unknown } } | { request: string; body?: unknown }, timeoutMs: number) =>
    new Promise<unknown>((resolve, reject) => {
      const id = nextId++
      const timer = setTimeout(() => {
        waiting.delete(id)
        reject(new AppError('broker-away', `The broker has not answered within ${timeoutMs} ms.`))
      }, timeoutMs)
      const message: DoorRequest = { id, deadline: Date.now() + timeoutMs, ...what }
      waiting.set(id, { message, timer, resolve, reject })
      client.send(message)
    })
  return {
    append: async (topic, payload, { timeoutMs = DEFAULT_TIMEOUT_MS } = {}) =>
      (await call({ append: { topic, payload } }, timeoutMs)) as number,
    request: async <T>(what: string, body?: unknown, { timeoutMs = DEFAULT_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}) =>
      (await call({ request: what, body }, timeoutMs)) as T,
    connected: () => client.connected(),
    close: async () => {
      for (const { timer, reject } of waiting.values()) {
        clearTimeout(timer)
        reject(new AppError('broker-away', 'The link is closed.'))
      }
      waiting.clear()
      await client.close()
    },
  }
}
