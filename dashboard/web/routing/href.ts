/** An address as text. */
import type { To } from './keys.ts'

export function hrefOf(to: To): string {
  if (typeof to === 'string') return to
  const query = new URLSearchParams(to.query).toString()
  return query === '' ? to.path : `${to.path}?${query}`
}
