/** How a scenario names devices without knowing an estate's ids: `fence-zone@437`, `elevator#2`, `parking-bay:fire-lane#1`, `camera/*`, `gateway/gw-1`. */
import type { Estate, EstateDevice } from '../domain/estate.ts'

export interface Selector {
  readonly kind: string
  /** A tag, or the `use` of a bay. */
  readonly word?: string
  readonly pick: { readonly id: string } | { readonly nth: number } | { readonly atM: number } | 'all'
}

const FORM = /^([a-z0-9-]+)(?::([a-z0-9-]+))?(?:\/([a-z0-9-]+)|\/(\*)|#(\d+)|@(\d+(?:\.\d+)?))$/

export const SELECTOR_RULE =
  'kind/id, kind/*, kind#2 (the second of the estate) or kind@437 (at that metre of the fence), with kind:word for a tag or use'

export function parseSelector(text: string): Selector | undefined {
  const match = FORM.exec(text)
  if (!match) return undefined
  const [, kind, word, id, all, nth, atM] = match
  const pick = id !== undefined ? { id } : all !== undefined ? 'all' : nth !== undefined ? { nth: Number(nth) } : { atM: Number(atM) }
  return { kind: kind!, pick, ...(word === undefined ? {} : { word }) }
}

export function selectDevices({ kind, word, pick }: Selector, estate: Estate): readonly EstateDevice[] {
  const candidates = estate.devices.filter(
    (device) => device.kind === kind && (word === undefined || device.site['use'] === word || (device.tags ?? []).includes(word)),
  )
  if (pick === 'all') return candidates
  if ('id' in pick) return candidates.filter(({ id }) => id === pick.id)
  if ('nth' in pick) return candidates.slice(pick.nth - 1, pick.nth)
  return candidates.filter(({ site }) => Number(site['fromM']) <= pick.atM && pick.atM < Number(site['toM'])).slice(0, 1)
}
