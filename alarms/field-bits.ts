/** Sets of fields as the bits of a number, so that a reading that changed some finds the rules that watch these at once. */
import { findKind } from '../devices/index.ts'

export type FieldBits = ReadonlyMap<string, number>

/** Fields beyond share the last bit: a rule is then judged once too often, never too seldom. */
const LAST = 30
const NONE: FieldBits = new Map()
const byKind = new Map<string, FieldBits>()

export function fieldBits(kind: string): FieldBits {
  const known = byKind.get(kind)
  if (known) return known
  const definition = findKind(kind)
  if (!definition) return NONE
  const bits = new Map(Object.keys(definition.fields).map((name, i) => [name, 1 << Math.min(i, LAST)]))
  byKind.set(kind, bits)
  return bits
}

export function bitOf(bits: FieldBits, field: string): number {
  return bits.get(field) ?? 1 << LAST
}
