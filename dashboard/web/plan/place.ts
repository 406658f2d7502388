/** Where an alarm is, in words a guard can walk to: the block and its side, the nearest gate, the cameras that see it. */
import type { Alarm } from '../../../domain/alarm.ts'
import { findDevice, siteOf, type Estate } from '../../../domain/estate.ts'
import type { Position } from '../../../domain/geojson.ts'
import { centroid, distanceToLineM, isInside, type XY } from '../../../domain/geometry.ts'
import type { ElevatorSite } from '../../../devices/elevator/site.ts'
import { chainageOf } from '../live/alarm-words.ts'
import { nearestGate, type PlanBlock, type PlanGate, type PlanGeometry } from './plan-geometry.ts'
import { camerasSeeing, type Sighting } from './sight.ts'

export type Side = 'n' | 'e' | 's' | 'w'

export interface Place {
  /** On the drawing; undefined for what stands nowhere (a fault of our own). */
  readonly at: XY | undefined
  /** The nearest house and on which side of it; for a lift its own house, without a side. */
  readonly block: PlanBlock | undefined
  readonly side: Side | undefined
  readonly gate: { readonly gate: PlanGate; readonly metres: number } | undefined
  readonly seenBy: readonly Sighting[]
}

const NEAR_BLOCK_M = 60

export function placeOf(alarm: Pick<Alarm, 'kind' | 'device' | 'detail'>, estate: Estate, plan: PlanGeometry): Place {
  const at = pointOf(alarm, estate, plan)
  if (!at) return { at, block: undefined, side: undefined, gate: undefined, seenBy: [] }
  const gate = nearestGate(plan, at)
  const cameras = plan.cameras.filter(({ id }) => alarm.kind !== 'camera' || id !== alarm.device)
  const seenBy = camerasSeeing(at, cameras, plan.blocks)
  const device = findDevice(estate, alarm.kind, alarm.device)
  if (device?.kind === 'elevator') {
    const own = siteOf<ElevatorSite>(device).block
    const block = plan.blocks.find(({ id, name }) => id === own || name === own)
    if (block) return { at, block, side: undefined, gate, seenBy }
  }
  return { at, ...nearestBlock(at, plan.blocks), gate, seenBy }
}

/** A device's own point on the drawing; of a fence alarm the metre, else the middle of its zone. */
export function pointOf(alarm: Pick<Alarm, 'kind' | 'device' | 'detail'>, estate: Estate, plan: PlanGeometry): XY | undefined {
  if (alarm.kind === 'fence-zone') {
    const zone = plan.zones.find(({ id }) => id === alarm.device)
    const metres = chainageOf(alarm) ?? (zone && (zone.fromM + zone.toM) / 2)
    return metres === undefined ? undefined : plan.atChainage(metres)
  }
  const bay = plan.bays.find(({ id }) => alarm.kind === 'parking-bay' && id === alarm.device)
  if (bay) return bay.centre
  const position = findDevice(estate, alarm.kind, alarm.device)?.site['position']
  return Array.isArray(position) ? plan.place(position as unknown as Position) : undefined
}

function nearestBlock(at: XY, blocks: readonly PlanBlock[]): Pick<Place, 'block' | 'side'> {
  let best: { block: PlanBlock; metres: number } | undefined
  for (const block of blocks) {
    const metres = isInside(at, [block.ring]) ? 0 : distanceToLineM(block.ring, at)
    if (!best || metres < best.metres) best = { block, metres }
  }
  if (!best || best.metres > NEAR_BLOCK_M) return { block: undefined, side: undefined }
  return { block: best.block, side: sideOf(at, best.block.ring) }
}

/** Which face of the house a point lies before; houses lie level on the drawing. */
function sideOf(at: XY, ring: readonly XY[]): Side {
  const xs = ring.map(({ x }) => x)
  const ys = ring.map(({ y }) => y)
  const outX = Math.max(Math.min(...xs) - at.x, at.x - Math.max(...xs))
  const outY = Math.max(Math.min(...ys) - at.y, at.y - Math.max(...ys))
  const centre = centroid(ring.slice(0, -1))
  if (outY >= outX) return at.y < centre.y ? 'n' : 's'
  return at.x < centre.x ? 'w' : 'e'
}
