/** The one clock of the screen: ticks once a second, for ages and the clock in the top row. */
import { onScopeDispose, readonly, shallowRef, type ShallowRef } from 'vue'

const now = shallowRef(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** This computer's time, epoch ms, 1 Hz. For ages of what the server says use `useServerNow`. */
export function useNow(): Readonly<ShallowRef<number>> {
  users += 1
  now.value = Date.now()
  timer ??= setInterval(() => (now.value = Date.now()), 1000)
  onScopeDispose(() => {
    users -= 1
    if (users > 0 || timer === undefined) return
    clearInterval(timer)
    timer = undefined
  })
  return readonly(now)
}
