/** Every device kind of the system, by its name in the topic. */
import type { KindDefinition } from '../domain/device-kind.ts'
import * as kinds from './kinds.ts'

export const KINDS: readonly KindDefinition[] = Object.values(kinds)

const byName = new Map(KINDS.map((definition) => [definition.kind, definition]))

export function findKind(kind: string): KindDefinition | undefined {
  return byName.get(kind)
}
