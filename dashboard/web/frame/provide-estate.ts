/** Puts together what the screens of one estate share, once its file is there. */
import { computed, provide, shallowRef, type ShallowRef } from 'vue'
import type { Estate } from '../../../domain/estate.ts'
import { standingAlarms } from '../live/alarm-order.ts'
import { chooseBand } from '../live/band.ts'
import { coverage } from '../live/coverage.ts'
import { useServerNow } from '../live/server-clock.ts'
import { useAlarmActions } from '../live/use-alarm-actions.ts'
import { useAlarmSound } from '../live/use-alarm-sound.ts'
import { useRecent } from '../live/use-recent.ts'
import type { LiveEstate } from '../live/use-live-estate.ts'
import { planGeometry } from '../plan/plan-geometry.ts'
import { estateKey, type EstateContext } from './use-estate.ts'

/** @param options.estate may still be empty: what needs it is only computed when a view asks */
export function provideEstate(options: {
  readonly id: string
  readonly estate: ShallowRef<Estate | undefined>
  readonly live: LiveEstate
}): EstateContext {
  const { id, live } = options
  const estate = options.estate as ShallowRef<Estate> // no view is shown before it is there
  const now = useServerNow()
  const actions = useAlarmActions({ alarms: live.alarms, take: live.takeAlarm })
  const sound = useAlarmSound({ alarms: live.alarms, connection: live.connection, handedIn: actions.acknowledging })
  const picked = shallowRef<string>()
  const band = computed(() =>
    chooseBand({ connection: live.connection.value, health: live.health.value, alarms: live.alarms.value.values(), now: now.value }),
  )
  const context: EstateContext = {
    ...{ id, estate, live, now, actions, sound, picked, band, recent: useRecent(id, live) },
    plan: computed(() => planGeometry(estate.value)),
    coverage: computed(() => coverage(estate.value, live.devices.value, now.value)),
    enterTarget: computed(() => {
      const chosen = picked.value === undefined ? undefined : live.alarms.value.get(picked.value)
      if (chosen) return chosen.state === 'unacknowledged' || chosen.state === 'returned' ? chosen : undefined
      const head = band.value.what === 'alarm' || band.value.what === 'stopped' ? band.value.alarm : undefined
      return head ?? standingAlarms(live.alarms.value.values()).find((alarm) => alarm.state === 'returned')
    }),
  }
  provide(estateKey, context)
  return context
}
