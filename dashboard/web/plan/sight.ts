/** Who sees it: which cameras have a point in their picture, cut off at buildings. Drawing frame: y down, degrees clockwise from up. */
import { distanceM, hitAlong, sees, type XY } from '../../../domain/geometry.ts'
import type { PlanBlock, PlanCamera } from './plan-geometry.ts'

const RAD = Math.PI / 180
const RAY_STEP_DEG = 2

export interface Sighting {
  readonly camera: PlanCamera
  readonly metres: number
}

/** Cameras that see the point, nearest first. A camera that looks at nothing but a wall before it sees nothing. */
export function camerasSeeing(at: XY, cameras: readonly PlanCamera[], blocks: readonly Pick<PlanBlock, 'ring'>[]): Sighting[] {
  const walls = blocks.map(({ ring }) => ring)
  return cameras
    .filter((camera) => sees(camera, at, walls, -1))
    .map((camera) => ({ camera, metres: Math.round(distanceM(camera.at, at)) }))
    .sort((a, b) => a.metres - b.metres)
}

/** The outline of what a camera sees: from the lens, a ray every 2°, each ending at the first building or at its range. */
export function viewCone(camera: PlanCamera, blocks: readonly Pick<PlanBlock, 'ring'>[]): XY[] {
  const rays = Math.max(2, Math.round(camera.fovDeg / RAY_STEP_DEG))
  const near = blocks.filter(({ ring }) => ring.some((corner) => distanceM(corner, camera.at) < camera.rangeM + 70))
  const cone: XY[] = [camera.at]
  for (let i = 0; i <= rays; i++) {
    const angle = (camera.facingDeg - camera.fovDeg / 2 + (camera.fovDeg * i) / rays) * RAD
    const end = { x: camera.at.x + Math.sin(angle) * camera.rangeM, y: camera.at.y - Math.cos(angle) * camera.rangeM }
    const reach = Math.min(1, ...near.map(({ ring }) => hitAlong(camera.at, end, ring)))
    cone.push({ x: camera.at.x + (end.x - camera.at.x) * reach, y: camera.at.y + (end.y - camera.at.y) * reach })
  }
  return cone
}

export const COMPASS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const
export type Compass = (typeof COMPASS)[number]

/** The nearest of eight directions for true compass degrees. */
export function compass(deg: number): Compass {
  return COMPASS[Math.round((((deg % 360) + 360) % 360) / 45) % 8]!
}
