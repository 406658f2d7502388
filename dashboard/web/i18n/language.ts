/** The language of the screen: Simplified Chinese first, English second; remembered by this browser. */
import { shallowRef } from 'vue'
import type { Words } from '../../../domain/words.ts'

export type Language = 'zh' | 'en'

const KEY = 'estatewatch.language'

export const language = shallowRef<Language>('zh')

/** Takes up the remembered language and tells the document. */
export function startLanguage(): void {
  setLanguage(localStorage.getItem(KEY) === 'en' ? 'en' : 'zh')
}

export function setLanguage(next: Language): void {
  language.value = next
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  localStorage.setItem(KEY, next)
}

export function toggleLanguage(): void {
  setLanguage(language.value === 'zh' ? 'en' : 'zh')
}

/** A text of the vocabulary (kinds, fields, rules) in the language of the screen. Reactive where it is called from a template or computed. */
export function say(words: Words): string {
  return words[language.value]
}

/** A name with an optional English one beside it, as estate files have them. */
export function nameOf(thing: { readonly name: string; readonly nameEn?: string }): string {
  return language.value === 'en' ? (thing.nameEn ?? thing.name) : thing.name
}
