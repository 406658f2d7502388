/** The queue never reorders under a pressed key or a pointer: rows keep their place for a second after the last touch. */
import { onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { heldOrder } from '../../../live/alarm-order.ts'

const HOLD_MS = 1000

export function useHeldOrder(wanted: ComputedRef<readonly string[]>): {
  readonly order: Readonly<ShallowRef<readonly string[]>>
  readonly hold: () => void
} {
  const order = shallowRef(wanted.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  const settle = () => {
    timer = undefined
    order.value = wanted.value
  }
  watch(wanted, (ids) => void (order.value = heldOrder(order.value, ids, timer !== undefined)))
  onScopeDispose(() => clearTimeout(timer))
  return {
    order,
    hold: () => {
      clearTimeout(timer)
      timer = setTimeout(settle, HOLD_MS)
    },
  }
}
