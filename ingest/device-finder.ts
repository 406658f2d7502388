/** Answers quickly whether an estate has a device, by the records of one revision. */
import type { Estate, EstateSet } from '../domain/estate.ts'

export type DeviceFinder = (estate: string, kind: string, device: string) => boolean

/** The ids of each kind. */
type Index = ReadonlyMap<string, ReadonlySet<string>>
const indexes = new WeakMap<Estate, Index>()

export function makeDeviceFinder({ estates }: EstateSet): DeviceFinder {
  return (id, kind, device) => {
    const estate = estates.get(id)
    if (!estate) return false
    let index = indexes.get(estate)
    if (!index) indexes.set(estate, (index = makeIndex(estate)))
    return index.get(kind)?.has(device) ?? false
  }
}

function makeIndex({ devices }: Estate): Index {
  const index = new Map<string, Set<string>>()
  for (const { kind, id } of devices) index.set(kind, (index.get(kind) ?? new Set<string>()).add(id))
  return index
}
