/** Which alarms stand where on the plan, and which cameras see the picked one. */
import { computed, type ComputedRef } from 'vue'
import type { Alarm } from '../../../../../domain/alarm.ts'
import type { XY } from '../../../../../domain/geometry.ts'
import { useEstate } from '../../../frame/use-estate.ts'
import { standingAlarms } from '../../../live/alarm-order.ts'
import { chainageOf, codeText, deviceName, lower } from '../../../live/alarm-words.ts'
import { placeOf, pointOf } from '../../../plan/place.ts'
import { fencePoint } from './outside.ts'
import type { Box } from './labels.ts'
import { placeMarks, type Mark } from './marks.ts'
import { toPx, type Size, type View } from './view.ts'

export interface Marks {
  readonly focus: ComputedRef<XY | undefined>
  readonly seeing: ComputedRef<ReadonlySet<string>>
  readonly marksIn: (view: View, size: Size, taken: readonly Box[]) => readonly Mark[]
}

const MOST_CAMERAS = 4

/** Two troubles of one lift or zone stand in one place: the picked one is drawn, else the more urgent. */
export function onePerDevice(alarms: readonly Alarm[], selected: string | undefined): Alarm[] {
  const by = new Map<string, Alarm>()
  for (const alarm of alarms) {
    const key = `${alarm.kind}/${alarm.device}`
    if (!by.has(key) || alarm.id === selected) by.set(key, alarm)
  }
  return [...by.values()]
}

export function useMarks(selected: () => string | undefined): Marks {
  const { estate, plan, live } = useEstate()
  const picked = computed(() => {
    const id = selected()
    const alarm = id === undefined ? undefined : live.alarms.value.get(id)
    return alarm && { alarm, place: placeOf(alarm, estate.value, plan.value) }
  })
  const standing = computed(() =>
    onePerDevice(standingAlarms(live.alarms.value.values()), selected()).flatMap((alarm) => {
      const at = pointOf(alarm, estate.value, plan.value)
      return at ? [{ alarm, at }] : []
    }),
  )
  const text = ({ alarm }: (typeof standing.value)[number]) => {
    const metres = chainageOf(alarm)
    if (alarm.kind === 'fence-zone' && metres !== undefined) return `${Math.round(metres)} m ${lower(codeText(alarm))}`
    return alarm.kind === 'parking-bay' || alarm.kind === 'fence-zone' ? codeText(alarm) : deviceName(estate.value, alarm)
  }
  return {
    focus: computed(() => picked.value?.place.at),
    seeing: computed(() => new Set(picked.value?.place.seenBy.slice(0, MOST_CAMERAS).map(({ camera }) => camera.id))),
    marksIn: (view, size, taken) => {
      return placeMarks(
        standing.value.map((entry) => {
          const zone = entry.alarm.kind === 'fence-zone' ? plan.value.zones.find(({ id }) => id === entry.alarm.device) : undefined
          const metres = chainageOf(entry.alarm) ?? (zone && (zone.fromM + zone.toM) / 2)
          const fence = zone && metres !== undefined ? fencePoint(plan.value, metres) : undefined
          return {
            alarm: entry.alarm,
            at: toPx(view, entry.at),
            out: fence?.out,
            text: text(entry),
            selected: entry.alarm.id === selected(),
          }
        }),
        taken,
        size,
      )
    },
  }
}
