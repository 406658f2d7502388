/** What every screen of one estate shares; made by EstateFrame, taken by its views with `useEstate()`. */
import { inject, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue'
import type { Estate } from '../../../domain/estate.ts'
import type { LiveEstate } from '../live/use-live-estate.ts'

export interface EstateContext {
  /** The id in the address. */
  readonly id: string
  /** The estate's file; the frame shows no view before it is there. */
  readonly estate: Readonly<ShallowRef<Estate>>
  readonly live: LiveEstate
  /** Server's time, 1 Hz. */
  readonly now: ComputedRef<number>
}

export const estateKey: InjectionKey<EstateContext> = Symbol('estate')

export function useEstate(): EstateContext {
  const context = inject(estateKey)
  if (!context) throw new Error('useEstate() belongs inside EstateFrame')
  return context
}
