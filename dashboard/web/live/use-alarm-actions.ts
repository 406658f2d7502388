/** Hands a person's action on an alarm in over REST, with the transition that was on the screen, and keeps what became of it. */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { Alarm, AlarmActionName } from '../../../domain/alarm.ts'
import { ApiError, call } from '../api/client.ts'

export interface HandedIn {
  readonly alarm: string
  readonly action: AlarmActionName
  /** The alarm's transition when it was pressed: a newer one ends the wait. */
  readonly transition: number
  /** `sent`: no answer yet. `queued`: in the journal, the engine is behind (已交 未生效). `refused`: nothing happens. */
  readonly state: 'sent' | 'queued' | 'refused'
  readonly error?: unknown
}

export interface AlarmActions {
  /** The newest action of each alarm that is not yet seen in its state. */
  readonly pending: Readonly<ShallowRef<ReadonlyMap<string, HandedIn>>>
  /** Alarms whose acknowledgement is under way: this desk's tone stops for them. */
  readonly acknowledging: ComputedRef<ReadonlySet<string>>
  readonly act: (alarm: Alarm, action: AlarmActionName, body?: Readonly<Record<string, unknown>>) => Promise<void>
}

export interface AlarmActionsOptions {
  readonly alarms: Readonly<ShallowRef<ReadonlyMap<string, Alarm>>>
  /** Takes the answer in. */
  readonly take: (alarm: Alarm) => void
}

export function useAlarmActions({ alarms, take }: AlarmActionsOptions): AlarmActions {
  const pending = shallowRef<ReadonlyMap<string, HandedIn>>(new Map())
  const set = (id: string, entry: HandedIn | undefined) => {
    const next = new Map(pending.value)
    if (entry) next.set(id, entry)
    else next.delete(id)
    pending.value = next
  }

  watch(
    alarms,
    (now) => {
      const left = [...pending.value].filter(([id, entry]) => now.get(id)?.transition === entry.transition)
      if (left.length !== pending.value.size) pending.value = new Map(left)
    },
    { flush: 'sync' },
  )

  const act: AlarmActions['act'] = async (alarm, action, body = {}) => {
    const entry: HandedIn = { alarm: alarm.id, action, transition: alarm.transition, state: 'sent' }
    set(alarm.id, entry)
    try {
      const answer = await call<Alarm>(`/alarms/${encodeURIComponent(alarm.id)}/${action}`, {
        method: 'POST',
        body: { ...body, transition: alarm.transition },
        headers: { 'idempotency-key': newKey() },
      })
      set(alarm.id, undefined)
      take(answer)
    } catch (error) {
      const queued = error instanceof ApiError && error.code === 'alarm-engine-behind'
      set(alarm.id, { ...entry, state: queued ? 'queued' : 'refused', error })
    }
  }

  return {
    pending,
    acknowledging: computed(() => {
      const under = [...pending.value.values()].filter(({ action, state }) => action === 'acknowledge' && state !== 'refused')
      return new Set(under.map(({ alarm }) => alarm))
    }),
    act,
  }
}

/** `crypto.randomUUID` needs a secure context; a desk on a plain-HTTP address has none. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
