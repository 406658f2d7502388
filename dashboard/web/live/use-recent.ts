/** Alarms that ended lately: the last day from the server, then what ends while the page is open. */
import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { Alarm } from '../../../domain/alarm.ts'
import { DAY_MS } from '../../../domain/clock.ts'
import { call } from '../api/client.ts'
import type { LiveEstate } from './use-live-estate.ts'

const MOST = 30

export interface Recent {
  /** Closed, newest first. */
  readonly closed: ComputedRef<readonly Alarm[]>
  /** When each alarm of the last day was raised. */
  readonly raised: ComputedRef<readonly number[]>
  /** How many were raised in the ten minutes before an instant. */
  readonly raisedSince: (at: number) => number
}

export function useRecent(estate: string, live: LiveEstate): Recent {
  const loaded = shallowRef<readonly Alarm[]>([])
  const load = async () => {
    try {
      loaded.value = (await call<{ alarms: Alarm[] }>(`/alarms?estate=${estate}&from=${Date.now() - DAY_MS}&limit=100`)).alarms
    } catch {
      loaded.value = [] // the live queue stands on its own; what ends from now on still shows
    }
  }
  watch(
    live.connection,
    (now) => {
      if (now === 'live') void load()
    },
    { immediate: true },
  )
  const closed = computed(() => {
    const byId = new Map(
      [...loaded.value.filter((alarm) => alarm.state === 'closed'), ...live.closed.value].map((alarm) => [alarm.id, alarm]),
    )
    return [...byId.values()].sort((a, b) => endOf(b) - endOf(a)).slice(0, MOST)
  })
  const raised = computed(() => {
    const all = [...loaded.value, ...live.closed.value, ...live.alarms.value.values()]
    return [...new Map(all.map((alarm) => [alarm.id, alarm.raisedAt])).values()]
  })
  return { closed, raised, raisedSince: (at) => raised.value.filter((one) => one >= at).length }
}

/** When it ended, as near as the alarm itself says. */
export function endOf(alarm: Alarm): number {
  return Math.max(alarm.raisedAt, alarm.returnedAt ?? 0, alarm.acknowledgedAt ?? 0)
}
