/** Answers quickly whether an estate has a device, by the records of one revision. */
import type { Estate, EstateSet } from '../domain/estate.ts'

export type DeviceFinder = (estate: string, kind: string, device: string) => boolean

const indexes = new WeakMap<Estate, ReadonlySet<string>>()

export function makeDeviceFinder({ estates }: EstateSet): DeviceFinder {
  return (id, kind, device) => {
    const estate = estates.get(id)
    if (!estate) return false
    const index = indexes.get(estate) ?? new Set(estate.devices.map((known) => `${known.kind}/${known.id}`))
    indexes.set(estate, index)
    return index.has(`${kind}/${device}`)
  }
}
