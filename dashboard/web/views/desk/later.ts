/**
 * Parts of the desk that are not always shown. The face of the right column that is shown comes with the first picture; the
 * other two and the try-it strip follow a little later, while the line is good, so that they are there before they are needed.
 */
import { defineAsyncComponent, onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

const LATER_MS = 5000

const faces = {
  alarm: () => import('./panel/AlarmPanel.vue'),
  calm: () => import('./calm/CalmPanel.vue'),
  lost: () => import('./calm/LostPanel.vue'),
}

export const AlarmPanel = defineAsyncComponent(faces.alarm)
export const CalmPanel = defineAsyncComponent(faces.calm)
export const LostPanel = defineAsyncComponent(faces.lost)
export const TryStrip = defineAsyncComponent(() => import('./TryStrip.vue'))

/** @returns whether the rest may come now. A face that cannot be had is asked for again when it is to be shown. */
export function useLater(isLoaded: Readonly<ShallowRef<boolean>>): Readonly<ShallowRef<boolean>> {
  const isLater = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const bring = () => {
    isLater.value = true
    void Promise.allSettled(Object.values(faces).map((load) => load()))
  }
  watch(
    isLoaded,
    (loaded) => {
      if (loaded) timer ??= setTimeout(bring, LATER_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return isLater
}
