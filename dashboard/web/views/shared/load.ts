/** Asks the server for something a view needs: loading, there, or refused with the reason. */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { call } from '../../api/client.ts'

export interface Loaded<T> {
  /** undefined until the first answer. */
  readonly value: Readonly<ShallowRef<T | undefined>>
  /** Why the newest try failed; undefined once one succeeds. */
  readonly error: Readonly<ShallowRef<unknown>>
  /** When the newest answer came (this computer's time); undefined before. */
  readonly at: Readonly<ShallowRef<number | undefined>>
  reload(): Promise<void>
}

export interface LoadOptions {
  /** Asks again this long after each answer. */
  readonly everyMs?: number
}

export function useLoad<T>(path: () => string, options: LoadOptions = {}): Loaded<T> {
  return useAsk(() => call<T>(path()), options)
}

/** The same for any question; an answer that was overtaken by a later question is dropped. */
export function useAsk<T>(ask: () => Promise<T>, { everyMs }: LoadOptions = {}): Loaded<T> {
  const value = shallowRef<T>()
  const error = shallowRef<unknown>()
  const at = shallowRef<number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  let closed = false

  const reload = async (): Promise<void> => {
    clearTimeout(timer)
    const mine = ++asked
    try {
      const answer = await ask()
      if (mine !== asked) return
      value.value = answer
      at.value = Date.now()
      error.value = undefined
    } catch (cause) {
      if (mine === asked) error.value = cause
    }
    if (mine === asked && everyMs !== undefined && !closed) timer = setTimeout(() => void reload(), everyMs)
  }

  onScopeDispose(() => {
    closed = true
    asked += 1
    clearTimeout(timer)
  })
  void reload()
  return { value, error, at, reload }
}
