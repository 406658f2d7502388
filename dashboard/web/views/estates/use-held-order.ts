/** Keeps the order of a list still under a pressed key or a moving pointer, and for one second after. */
import { shallowRef, watch, type ShallowRef } from 'vue'

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
      ids.value = clock() < heldUntil ? keepOrder(ids.value, next) : next
    },
    { immediate: true },
  )
  return { ids, hold: () => void (heldUntil = clock() + HOLD_MS) }
}

export function keepOrder(shown: readonly string[], next: readonly string[]): readonly string[] {
  const wanted = new Set(next)
  const kept = shown.filter((id) => wanted.has(id))
  const there = new Set(kept)
  return [...kept, ...next.filter((id) => !there.has(id))]
}
