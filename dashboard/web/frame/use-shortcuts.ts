/** Keys of the desk: function keys, Enter and arrows, never letters; they rest while someone types and while a dialog is open. */
import { onScopeDispose } from 'vue'

/** By `KeyboardEvent.key`, e.g. `F8`, `Enter`, `ArrowUp`. A handler that returns false leaves the key to the browser. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => unknown>>

/** A control that was clicked keeps the focus, but the next Enter is meant for the desk; one that was reached by Tab keeps Enter too. */
let clicked = false
window.addEventListener('pointerdown', () => void (clicked = true), true)
window.addEventListener('keydown', ({ key }) => void (clicked &&= key !== 'Tab'), true)

/** @param keys handlers; they hold as long as the calling component */
export function useShortcuts(keys: Shortcuts): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
    const handler = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
    if (!handler || rests(event)) return
    if (handler(event) !== false) event.preventDefault()
  }
  window.addEventListener('keydown', onKey)
  onScopeDispose(() => window.removeEventListener('keydown', onKey))
}

/** Function keys work everywhere but in an open dialog; Enter, arrows and the rest belong to the control that has the focus. */
function rests(event: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]')) return true
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest('input, textarea, select, [contenteditable="true"]')) return true
  // A row of the queue is picked as soon as it has the focus, so Enter there is the desk's.
  return (
    !clicked &&
    event.key === 'Enter' &&
    target?.closest('[data-enter="pass"]') === null &&
    target.closest('a[href], button, summary') !== null
  )
}
