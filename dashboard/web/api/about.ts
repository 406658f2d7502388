/** What this server is: its version, and whether the devices are simulated. Asked once. */
import { shallowRef, type ShallowRef } from 'vue'
import { call } from './client.ts'

export interface About {
  readonly version: string
  /** True while the example estates with simulated devices are there. */
  readonly simulated: boolean
  readonly node: string
  readonly engine: string
}

const about = shallowRef<About>()
let asked: Promise<void> | undefined

export function useAbout(): Readonly<ShallowRef<About | undefined>> {
  asked ??= call<About>('/about').then(
    (answer) => void (about.value = answer),
    () => void (asked = undefined), // asked again by the next view
  )
  return about
}
