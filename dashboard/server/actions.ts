/** A person's action on an alarm: appended to the journal among the readings, answered when the engine's result comes back the same way. */
import { createHash, randomUUID } from 'node:crypto'
import type { Alarm, AlarmActionName } from '../../domain/alarm.ts'
import { AppError, ERRORS, type ErrorCode } from '../../domain/errors.ts'
import type { BrokerLink } from '../../domain/journal.ts'
import { SYSTEM_TOPICS, SYSTEM_VERSION, type Action, type ActionResult } from '../../domain/system.ts'

/** In the journal within so long, and the result within as long again. */
const WAIT_MS = 3000
/** Results remembered, for a repeat of the same key. */
const RESULTS_KEPT = 5000

export interface ActionRequest extends Omit<Action, 'v' | 'id' | 'alarm' | 'action' | 'by'> {
  readonly alarm: string
  readonly action: AlarmActionName
  readonly by: string
  /** `Idempotency-Key`: the same key for the same action of the same person takes effect once. */
  readonly key?: string
}

export interface ActionDesk {
  /** @throws AppError `action-not-taken`, `alarm-engine-behind`, or what the engine says */
  act(request: ActionRequest): Promise<Alarm>
  /** From the journal. */
  onResult(result: ActionResult): void
}

export function createActionDesk(options: { readonly broker: BrokerLink; readonly waitMs?: number }): ActionDesk {
  const waitMs = options.waitMs ?? WAIT_MS
  const results = new Map<string, ActionResult>()
  const waiting = new Map<string, Set<(result: ActionResult) => void>>()

  const waitFor = (
    id: string,
  ): { readonly result: Promise<ActionResult | undefined>; readonly start: () => void; readonly stop: () => void } => {
    let timer: NodeJS.Timeout | undefined
    let settle: (result: ActionResult | undefined) => void = () => undefined
    const result = new Promise<ActionResult | undefined>((resolve) => (settle = resolve))
    const listener = (found: ActionResult) => settle(found)
    const listeners = waiting.get(id) ?? new Set()
    waiting.set(id, listeners.add(listener))
    return {
      result,
      start: () => (timer = setTimeout(() => settle(undefined), waitMs)),
      stop: () => {
        clearTimeout(timer)
        listeners.delete(listener)
        if (listeners.size === 0) waiting.delete(id)
      },
    }
  }

  return {
    act: async ({ key, ...request }) => {
      const id = key === undefined ? randomUUID() : idOf(request, key)
      const known = results.get(id)
      if (known) return outcome(known)
      const wait = waitFor(id)
      try {
        const action: Action = { v: SYSTEM_VERSION, id, ...request }
        try {
          await options.broker.append(SYSTEM_TOPICS.action, action, { timeoutMs: waitMs })
        } catch (error) {
          throw new AppError('action-not-taken', undefined, { cause: error })
        }
        wait.start()
        const result = await wait.result
        if (!result) throw new AppError('alarm-engine-behind')
        return outcome(result)
      } finally {
        wait.stop()
      }
    },
    onResult: (result) => {
      results.set(result.id, result)
      if (results.size > RESULTS_KEPT) results.delete(results.keys().next().value!)
      for (const listener of waiting.get(result.id) ?? []) listener(result)
    },
  }
}

function outcome({ alarm, refusal }: ActionResult): Alarm {
  if (alarm) return alarm
  const code = refusal && refusal.code in ERRORS ? (refusal.code as ErrorCode) : 'wrong-state'
  throw new AppError(code, refusal?.message)
}

/** Two people, or one person on two alarms, may choose the same key. */
function idOf({ by, alarm, action }: Pick<ActionRequest, 'by' | 'alarm' | 'action'>, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([by, alarm, action, key]))
    .digest('hex')
    .slice(0, 32)
}
