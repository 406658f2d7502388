/** What every screen of one estate shares; made by EstateFrame, taken by its views with `useEstate()`. */
import { inject, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue'
import type { Alarm } from '../../../domain/alarm.ts'
import type { Estate } from '../../../domain/estate.ts'
import type { BandChoice } from '../live/band.ts'
import type { Coverage } from '../live/coverage.ts'
import type { AlarmActions } from '../live/use-alarm-actions.ts'
import type { AlarmSound } from '../live/use-alarm-sound.ts'
import type { Recent } from '../live/use-recent.ts'
import type { LiveEstate } from '../live/use-live-estate.ts'
import type { PlanGeometry } from '../plan/plan-geometry.ts'

export interface EstateContext {
  /** The id in the address. */
  readonly id: string
  /** The estate's file; the frame shows no view before it is there. */
  readonly estate: Readonly<ShallowRef<Estate>>
  readonly live: LiveEstate
  readonly plan: ComputedRef<PlanGeometry>
  readonly coverage: ComputedRef<Coverage>
  readonly band: ComputedRef<BandChoice>
  readonly actions: AlarmActions
  readonly sound: AlarmSound
  readonly recent: Recent
  /** The alarm that the person picked on the desk; undefined = the band's, else the first of the queue. */
  readonly picked: ShallowRef<string | undefined>
  /** What Enter acknowledges: the picked alarm, else the band's. */
  readonly enterTarget: ComputedRef<Alarm | undefined>
  /** Server's time, 1 Hz. */
  readonly now: ComputedRef<number>
}

export const estateKey: InjectionKey<EstateContext> = Symbol('estate')

export function useEstate(): EstateContext {
  const context = inject(estateKey)
  if (!context) throw new Error('useEstate() belongs inside EstateFrame')
  return context
}
