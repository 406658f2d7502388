/** The parking bays as they lie, level on the screen, with how each is drawn. */
import { siteOf, type Estate } from '../../../../domain/estate.ts'
import type { Position } from '../../../../domain/geojson.ts'
import { projectionAt, toMetresRings, turn, type XY } from '../../../../domain/geometry.ts'
import type { DeviceState } from '../../../../domain/live.ts'
import type { ParkingBaySite } from '../../../../devices/parking-bay/site.ts'

export type BayLook = 'taken' | 'free' | 'closed' | 'unknown'

export interface BayShape {
  readonly id: string
  readonly use: ParkingBaySite['use']
  /** For an SVG polygon, in metres, y down. */
  readonly points: string
  readonly middle: XY
}

export interface BayMapGeometry {
  readonly bays: readonly BayShape[]
  readonly blocks: readonly { readonly name: string; readonly points: string; readonly middle: XY }[]
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
}

const MARGIN_M = 6

export function layBays(estate: Estate): BayMapGeometry | undefined {
  const sites = estate.devices
    .filter(({ kind }) => kind === 'parking-bay')
    .map((device) => ({ id: device.id, ...siteOf<ParkingBaySite>(device) }))
  const origin = sites[0]?.area.coordinates[0]?.[0]
  if (!origin) return undefined
  const level = levelled(origin, estate.bearingDeg)
  const bays = sites.map(({ id, use, area }) => ({ id, use, ...outline(level(area.coordinates)) }))
  const blocks = estate.blocks.map((block) => ({ name: block.name, ...outline(level(block.outline.coordinates)) }))
  const corners = [...sites.map(({ area }) => area), ...estate.blocks.map(({ outline: area }) => area)].flatMap((area) =>
    level(area.coordinates),
  )
  const xs = corners.map(({ x }) => x)
  const ys = corners.map(({ y }) => y)
  const box = { x: Math.min(...xs) - MARGIN_M, y: Math.min(...ys) - MARGIN_M, width: span(xs), height: span(ys) }
  return { bays, blocks, box }
}

/** @returns the outline in metres, turned so that the rows lie level, y down as on a screen */
function levelled(origin: Position, bearingDeg: number): (rings: readonly (readonly Position[])[]) => readonly XY[] {
  const projection = projectionAt(origin)
  return (coordinates) => {
    const ring = toMetresRings(projection, { type: 'Polygon', coordinates })[0] ?? []
    return ring.map((point) => turn(point, -bearingDeg)).map(({ x, y }) => ({ x, y: -y }))
  }
}

function outline(ring: readonly XY[]): { points: string; middle: XY } {
  const xs = ring.map(({ x }) => x)
  const ys = ring.map(({ y }) => y)
  const middle = { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 }
  return { points: ring.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '), middle }
}

function span(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values) + 2 * MARGIN_M
}

/** A bay that has not reported, or is not heard now, is unknown: never free. */
export function bayLook(state: Pick<DeviceState, 'status' | 'reading'> | undefined, isCut: boolean): BayLook {
  if (isCut || state?.status !== 'online') return 'unknown'
  const status = state.reading?.['status']
  if (status === 'occupied') return 'taken'
  return status === 'free' || status === 'closed' ? status : 'unknown'
}

export type BayCounts = Readonly<Record<BayLook, number>>

/** Counts of the bays people may park in; fire lanes and the green are never counted free. */
export function countBays(shapes: readonly BayShape[], lookOf: (id: string) => BayLook): BayCounts {
  const counts = { taken: 0, free: 0, closed: 0, unknown: 0 }
  for (const { id, use } of shapes) if (use === 'bay') counts[lookOf(id)]++
  return counts
}
