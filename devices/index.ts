/** Every device kind of the system: adding one is one folder beside this file and one line in this list. */
import type { KindDefinition } from '../domain/device-kind.ts'
import { camera } from './camera/kind.ts'
import { elevator } from './elevator/kind.ts'
import { fenceZone } from './fence-zone/kind.ts'
import { gateway } from './gateway/kind.ts'
import { parkingBay } from './parking-bay/kind.ts'

export const KINDS: readonly KindDefinition[] = [camera, fenceZone, parkingBay, elevator, gateway]

const byName = new Map(KINDS.map((definition) => [definition.kind, definition]))

export function findKind(kind: string): KindDefinition | undefined {
  return byName.get(kind)
}
