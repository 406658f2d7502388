/** The parts of the plan that never change, as path strings in metres: made once for an estate. */
import { isInside, type XY } from '../../../../../domain/geometry.ts'
import type { PlanGeometry, Ring } from '../../../plan/plan-geometry.ts'

const round = (value: number) => Math.round(value * 100) / 100

/** `M…L…Z` of rings; further rings are holes. */
export function ringPath(rings: readonly Ring[]): string {
  return rings.map((ring) => `M${ring.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}Z`).join('')
}

export function linePath(line: Ring): string {
  return `M${line.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}`
}

/** Both diagonals or one of a bay: closed bays bear one. */
export function diagonalPath(ring: Ring): string {
  const [a, , c] = ring
  return a && c ? `M${round(a.x)} ${round(a.y)}L${round(c.x)} ${round(c.y)}` : ''
}

/** Entrance stubs on the north face of a house, one for each stairwell. */
export function stairwellStubs(ring: Ring, stairwells: number): string {
  const xs = ring.map(({ x }) => x)
  const top = Math.min(...ring.map(({ y }) => y))
  const [left, right] = [Math.min(...xs), Math.max(...xs)]
  const pitch = (right - left) / Math.max(1, stairwells)
  return Array.from({ length: stairwells }, (_, i) => `M${round(left + pitch * (i + 0.5) - 1.1)} ${round(top)}v-1.6h2.2v1.6`).join('')
}

const TREE_PITCH_M = 6.5

/** A loose planting of what is neither house, lane nor bay; the same estate always gets the same trees. */
export function treePath(plan: PlanGeometry): string {
  const { min, max } = plan.bounds
  const built = [
    ...plan.blocks.map(({ ring }) => grown(ring, 2.5)),
    ...plan.areas.filter(({ kind }) => kind !== 'green').map(({ rings }) => grown(rings[0] ?? [], 1.5)),
    ...plan.bays.map(({ ring }) => grown(ring, 1.5)),
  ]
  let seed = 20261
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  let path = ''
  for (let y = min.y; y < max.y; y += TREE_PITCH_M)
    for (let x = min.x; x < max.x; x += TREE_PITCH_M) {
      const at = { x: x + (random() - 0.5) * 4, y: y + (random() - 0.5) * 4 }
      const r = 0.9 + random() * 0.7
      if (!isInside(at, plan.boundary) || built.some((box) => at.x > box.left && at.x < box.right && at.y > box.top && at.y < box.bottom))
        continue
      path += `M${round(at.x - r)} ${round(at.y)}a${round(r)} ${round(r)} 0 1 0 ${round(2 * r)} 0a${round(r)} ${round(r)} 0 1 0 ${round(-2 * r)} 0`
    }
  return path
}

function grown(ring: readonly XY[], by: number): { left: number; right: number; top: number; bottom: number } {
  const xs = ring.map(({ x }) => x)
  const ys = ring.map(({ y }) => y)
  return { left: Math.min(...xs) - by, right: Math.max(...xs) + by, top: Math.min(...ys) - by, bottom: Math.max(...ys) + by }
}
