/**
 * Dictionaries of our own: a view keeps its words in a `words.ts` beside it, Chinese first.
 * English must have exactly the same keys and the same arguments, or the type check fails.
 *
 *   export const words = defineWords({ title: '电梯', of: (n: number) => `${n} 台` }, { title: 'Lifts', of: (n) => `${n} lifts` })
 *   const w = useWords(words)        // in a template: {{ w.title }} {{ w.of(6) }}
 */
import { computed, type ComputedRef } from 'vue'
import { language } from './language.ts'

type Same<Zh> = {
  readonly [Key in keyof Zh]: Zh[Key] extends string
    ? string
    : Zh[Key] extends (...args: infer Args) => infer Text
      ? (...args: Args) => Text
      : Same<Zh[Key]>
}

export interface Dictionary<T> {
  readonly zh: T
  readonly en: T
}

export function defineWords<Zh extends object>(zh: Zh, en: Same<Zh>): Dictionary<Same<Zh>> {
  return { zh: zh as Same<Zh>, en }
}

/** The words of one dictionary in the language of the screen. */
export function useWords<T>(dictionary: Dictionary<T>): ComputedRef<T> {
  return computed(() => dictionary[language.value])
}
