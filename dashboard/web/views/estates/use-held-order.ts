/** Keeps the order of a list still under a pressed key or a moving pointer, and for one second after. */
import { shallowRef, watch, type ShallowRef } from 'vue'
import { heldOrder } from '../../live/alarm-order.ts'

export const HOLD_MS = 1000

export interface HeldOrder {
  /** Ids in the order to be drawn; new ones join at once, at the end, while the order is held. */
  readonly ids: Readonly<ShallowRef<readonly string[]>>
  /** Someone points or presses: hold. */
  hold(): void
}

/** @param wanted the order as the data would have it; it is looked at again with each change (once a second) */
export function useHeldOrder(wanted: () => readonly string[], clock: () => number = () => performance.now()): HeldOrder {
  const ids = shallowRef<readonly string[]>([])
  let heldUntil = -Infinity
  watch(
    wanted,
    (next) => {
      ids.value = heldOrder(ids.value, next, clock() < heldUntil)
    },
    { immediate: true },
  )
  return { ids, hold: () => void (heldUntil = clock() + HOLD_MS) }
}
