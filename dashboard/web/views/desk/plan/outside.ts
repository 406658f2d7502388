/** What stands outside the fence line: the way out at a metre, for ticks, zone numbers and the label of a cut. */
import { distanceM, isInside, type XY } from '../../../../../domain/geometry.ts'
import type { PlanGeometry } from '../../../plan/plan-geometry.ts'

export interface FencePoint {
  readonly metres: number
  readonly at: XY
  /** Unit vector away from the estate. */
  readonly out: XY
}

/** @returns undefined for an estate without a fence */
export function fencePoint(plan: PlanGeometry, metres: number): FencePoint | undefined {
  const at = plan.atChainage(metres)
  const before = plan.atChainage(Math.max(0, metres - 2))
  const after = plan.atChainage(Math.min(plan.fenceLengthM, metres + 2))
  if (!at || !before || !after) return undefined
  const length = distanceM(before, after) || 1
  const normal = { x: (after.y - before.y) / length, y: (before.x - after.x) / length }
  const inside = isInside({ x: at.x + normal.x * 3, y: at.y + normal.y * 3 }, plan.boundary)
  return { metres, at, out: inside ? { x: -normal.x, y: -normal.y } : normal }
}

/** Every hundred metres, without the ends. */
export function chainageTicks(plan: PlanGeometry, everyM = 100): FencePoint[] {
  const count = Math.ceil(plan.fenceLengthM / everyM) - 1
  return Array.from({ length: Math.max(0, count) }, (_, i) => fencePoint(plan, (i + 1) * everyM)).filter((point) => point !== undefined)
}

const CIRCLED = '①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳'

/** ① of the first zone by chainage; a plain number above 20. */
export function circled(index: number): string {
  return CIRCLED[index] ?? String(index + 1)
}
