/** The fence as one bar by its metres: cells, gates and cameras at their chainage. Pure layout, px. */
import { distanceM, type XY } from '../../../../../domain/geometry.ts'
import type { PlanGeometry } from '../../../plan/plan-geometry.ts'

export interface UnrolledCamera {
  readonly id: string
  readonly name: string
  readonly metres: number
}

const ON_FENCE_M = 6

/** Cameras that stand at the fence, by the metre they stand at. */
export function fenceCameras(plan: PlanGeometry): UnrolledCamera[] {
  if (plan.fenceLengthM === 0) return []
  const samples: { readonly metres: number; readonly at: XY }[] = []
  for (let metres = 0; metres <= plan.fenceLengthM; metres += 2) {
    const at = plan.atChainage(metres)
    if (at) samples.push({ metres, at })
  }
  return plan.cameras
    .flatMap(({ id, name, at }) => {
      let best: { metres: number; away: number } | undefined
      for (const sample of samples) {
        const away = distanceM(sample.at, at)
        if (!best || away < best.away) best = { metres: sample.metres, away }
      }
      return best && best.away <= ON_FENCE_M ? [{ id, name, metres: best.metres }] : []
    })
    .sort((a, b) => a.metres - b.metres)
}

/** Drops cameras that would stand closer than a number is wide; those that matter stay. */
export function thinCameras(
  cameras: readonly UnrolledCamera[],
  options: { readonly pxPerM: number; readonly least: number; readonly keep: ReadonlySet<string> },
): UnrolledCamera[] {
  const kept: UnrolledCamera[] = []
  for (const camera of cameras) {
    const last = kept.at(-1)
    const close = last !== undefined && (camera.metres - last.metres) * options.pxPerM < options.least
    if (!close) kept.push(camera)
    else if (options.keep.has(camera.id) && !options.keep.has(last.id)) kept.splice(-1, 1, camera)
  }
  return kept
}
