/** A user name with its password, as the server gives them once. */
import { shallowRef } from 'vue'

export interface Secret {
  readonly username: string
  readonly password: string
}

/** Kept in this page's memory alone, so that "connect a box" can print the whole line once; gone with a reload. */
export const freshSecret = shallowRef<Secret>()
