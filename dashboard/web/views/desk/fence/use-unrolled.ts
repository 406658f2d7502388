/** What the unrolled fence shows: zones with their words, marks of alarms, gates, cameras and metres, for a width. */
import { computed, type Ref } from 'vue'
import { useEstate } from '../../../frame/use-estate.ts'
import { common } from '../../../i18n/common.ts'
import { useWords } from '../../../i18n/words.ts'
import { standingAlarms } from '../../../live/alarm-order.ts'
import { chainageOf, codeText } from '../../../live/alarm-words.ts'
import { isTrusted } from '../../../live/coverage.ts'
import { deviceKey } from '../../../live/device-key.ts'
import { deviceLook, type DeviceLook } from '../../../live/device-look.ts'
import { deskWords } from '../desk-words.ts'
import { circled } from '../plan/outside.ts'
import { onePerDevice } from '../plan/use-marks.ts'
import { fenceCameras, thinCameras } from './unroll.ts'

const LEFT = 18

export interface UnrolledOptions {
  readonly width: Ref<number>
  readonly selected: () => string | undefined
  /** Cameras that see the picked alarm: never thinned out. */
  readonly seeing: () => ReadonlySet<string>
}

export function useUnrolled({ width, selected, seeing }: UnrolledOptions) {
  const { plan, live } = useEstate()
  const w = useWords(deskWords)
  const c = useWords(common)
  const old = computed(() => live.connection.value === 'lost')
  const pxPerM = computed(() => (width.value - 2 * LEFT) / Math.max(1, plan.value.fenceLengthM))
  const alarms = computed(() => standingAlarms(live.alarms.value.values()).filter(({ kind }) => kind === 'fence-zone'))

  const zoneText = (zone: { look: DeviceLook; armed: boolean; cause: string | undefined; kv: unknown }): string => {
    if (zone.look === 'unknown' || zone.look === 'fault') return w.value.unknown
    if (zone.look !== 'ok') return c.value.status[zone.look]
    if (!zone.armed) return w.value.disarmed
    return zone.cause ?? (typeof zone.kv === 'number' ? zone.kv.toFixed(1) : w.value.unknown)
  }
  const zones = computed(() =>
    plan.value.zones.map(({ id, fromM, toM }, i) => {
      const state = live.devices.value.get(deviceKey('fence-zone', id))
      const look = deviceLook(state, live.connection.value)
      const alarm = alarms.value.find(({ device, state: of }) => device === id && (of === 'unacknowledged' || of === 'acknowledged'))
      const kv = state?.reading?.['voltage_kv']
      const normal = state?.reading?.['state'] === 'normal' || state?.reading?.['state'] === 'low-voltage'
      const armed = state?.reading?.['armed'] !== false
      const text = zoneText({ look, armed, cause: alarm && !normal ? codeText(alarm) : undefined, kv })
      const hue = alarm && !old.value ? `p${alarm.priority}` : ''
      return { id, fromM, toM, text, look, hue, solid: hue !== '' && alarm?.priority !== 3, mark: circled(i) }
    }),
  )
  const marks = computed(() =>
    onePerDevice(alarms.value, selected()).flatMap((alarm) => {
      const zone = plan.value.zones.find(({ id }) => id === alarm.device)
      const metres = chainageOf(alarm) ?? (zone && (zone.fromM + zone.toM) / 2)
      return metres === undefined ? [] : [{ alarm, metres, exact: chainageOf(alarm) !== undefined }]
    }),
  )
  const gates = computed(() =>
    plan.value.gates.flatMap((gate) =>
      gate.chainageM === 0
        ? [
            { gate, metres: 0 },
            { gate, metres: plan.value.fenceLengthM },
          ]
        : [{ gate, metres: gate.chainageM }],
    ),
  )
  const cameras = computed(() => thinCameras(fenceCameras(plan.value), { pxPerM: pxPerM.value, least: 21, keep: seeing() }))
  const ticks = computed(() => {
    const every = pxPerM.value * 100 > 46 ? 100 : pxPerM.value * 200 > 46 ? 200 : 500
    return Array.from({ length: Math.floor(plan.value.fenceLengthM / every) + 1 }, (_, i) => i * every)
  })
  const unwatched = computed(() =>
    zones.value.filter(({ id }) => {
      const state = live.devices.value.get(deviceKey('fence-zone', id))
      return !state || !isTrusted(state)
    }),
  )
  const summary = computed(() =>
    unwatched.value.length === 0
      ? w.value.allArmed(zones.value.length)
      : w.value.notArmed(unwatched.value.map(({ mark }) => mark).join(' ')),
  )

  return {
    ...{ old, pxPerM, zones, marks, gates, cameras, ticks, summary },
    x: (metres: number) => LEFT + metres * pxPerM.value,
    /** On a phone the metres alone. */
    roomy: computed(() => pxPerM.value * 100 >= 46),
  }
}
