/** Who sees it: which cameras have a point in their picture, cut off at buildings. Drawing frame: y down, degrees clockwise from up. */
import { distanceM, type XY } from '../../../domain/geometry.ts'
import type { PlanBlock, PlanCamera, Ring } from './plan-geometry.ts'

const RAD = Math.PI / 180
const RAY_STEP_DEG = 2

export interface Sighting {
  readonly camera: PlanCamera
  readonly metres: number
}

/** Cameras that see the point, nearest first. A camera that looks at nothing but a wall before it sees nothing. */
export function camerasSeeing(at: XY, cameras: readonly PlanCamera[], blocks: readonly Pick<PlanBlock, 'ring'>[]): Sighting[] {
  return cameras
    .map((camera) => ({ camera, metres: distanceM(camera.at, at) }))
    .filter(({ camera, metres }) => metres <= camera.rangeM && isInAngle(camera, at, metres) && !isHidden(camera.at, at, blocks))
    .map(({ camera, metres }) => ({ camera, metres: Math.round(metres) }))
    .sort((a, b) => a.metres - b.metres)
}

function isInAngle(camera: PlanCamera, at: XY, metres: number): boolean {
  if (metres < 0.5 || camera.fovDeg >= 360) return true
  const bearing = Math.atan2(at.x - camera.at.x, camera.at.y - at.y) / RAD
  const off = Math.abs(((bearing - camera.facingDeg + 540) % 360) - 180)
  return off <= camera.fovDeg / 2
}

function isHidden(from: XY, to: XY, blocks: readonly Pick<PlanBlock, 'ring'>[]): boolean {
  return blocks.some(({ ring }) => hitAlong(from, to, ring) < 1)
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

/** How far along a segment it first meets a ring, 0–1; 1 = not at all. A start on the wall itself (a camera mounted there) does not count. */
function hitAlong(from: XY, to: XY, ring: Ring): number {
  let first = 1
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  for (let i = 0; i < ring.length; i++) {
    const a = ring[i]!
    const b = ring[(i + 1) % ring.length]!
    const [ex, ey] = [b.x - a.x, b.y - a.y]
    const cross = dx * ey - dy * ex
    if (Math.abs(cross) < 1e-9) continue
    const t = ((a.x - from.x) * ey - (a.y - from.y) * ex) / cross
    const u = ((a.x - from.x) * dy - (a.y - from.y) * dx) / cross
    if (t > 0.005 && t < first && u >= 0 && u <= 1) first = t
  }
  return first
}

export const COMPASS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const
export type Compass = (typeof COMPASS)[number]

/** The nearest of eight directions for true compass degrees. */
export function compass(deg: number): Compass {
  return COMPASS[Math.round((((deg % 360) + 360) % 360) / 45) % 8]!
}
