/** What the checks across an estate's parts say, and what they share. */
import type { Path } from './document.ts'

/** The rule and what to do. */
export interface Disagreement {
  readonly path: Path
  readonly rule: string
}

/** A part of the file of which something was refused already; what depends on it is not judged, lest one fault be told twice. */
export type Broken = ReadonlySet<string>

/** The word in `Broken` for a refused `site` of this kind. */
export const siteOfKind = (kind: string) => `site of ${kind}`

/** Every further one of the same id. */
export function duplicates<T>(
  items: readonly T[],
  name: (item: T) => string,
): { readonly index: number; readonly name: string; readonly first: number }[] {
  const seen = new Map<string, number>()
  return items.flatMap((item, index) => {
    const key = name(item)
    const first = seen.get(key)
    if (first !== undefined) return [{ index, name: key, first }]
    seen.set(key, index)
    return []
  })
}
