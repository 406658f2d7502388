/** Whether a topic filter is well formed (MQTT 3.1.1 §4.7.1) and stays below a topic. */

/** @returns what is wrong with it, or undefined. */
export function filterFault(filter: string, below: string): string | undefined {
  if (/\p{Cc}|\ufffd/u.test(filter)) return 'must hold no control characters'
  const levels = filter.split('/')
  const hash = levels.findIndex((level) => level.includes('#'))
  if (hash >= 0 && (levels[hash] !== '#' || hash !== levels.length - 1)) return '# must stand alone at the end'
  if (levels.some((level) => level.includes('+') && level !== '+')) return '+ must fill its level'
  return filter.startsWith(`${below}/`) ? undefined : `must begin with ${below}/`
}
