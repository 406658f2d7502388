/** The server's clock on this screen: ages follow it, so that a wrong clock in this computer makes no reading young. */
import { computed, shallowRef, type ComputedRef } from 'vue'
import { useNow } from './use-now.ts'

/** Server minus this computer, ms; set by the newest heartbeat. */
export const serverOffsetMs = shallowRef(0)

/** The server's time, epoch ms, 1 Hz. */
export function useServerNow(): ComputedRef<number> {
  const now = useNow()
  return computed(() => now.value + serverOffsetMs.value)
}
