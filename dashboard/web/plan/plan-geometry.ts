/** The estate's plan as a drawing: metres in its own level frame, x right, y down, with the rows of houses lying level. */
import { siteOf, type Estate } from '../../../domain/estate.ts'
import type { Feature, Position } from '../../../domain/geojson.ts'
import {
  centroid,
  distanceM,
  lineDistanceM,
  openingEnds,
  pointAlong,
  projectionAt,
  turn,
  wireBetween,
  type XY,
} from '../../../domain/geometry.ts'
import type { CameraSite } from '../../../devices/camera/site.ts'
import type { ElevatorSite } from '../../../devices/elevator/site.ts'
import type { FenceZoneSite } from '../../../devices/fence-zone/site.ts'
import type { ParkingBaySite } from '../../../devices/parking-bay/site.ts'

export type Ring = readonly XY[]

export interface PlanCamera {
  readonly id: string
  readonly name: string
  readonly at: XY
  /** Degrees clockwise from up on the drawing. */
  readonly facingDeg: number
  readonly fovDeg: number
  readonly rangeM: number
}

export interface PlanBlock {
  readonly id: string
  readonly name: string
  readonly stairwells: number
  readonly ring: Ring
  readonly centre: XY
}

export interface PlanGate {
  readonly id: string
  readonly name: string
  readonly nameEn?: string
  readonly chainageM: number
  readonly from: XY
  readonly to: XY
  readonly centre: XY
}

export interface PlanZone {
  readonly id: string
  readonly fromM: number
  readonly toM: number
  /** More than one where a gate opens the wire. */
  readonly pieces: readonly Ring[]
}

export interface PlanGeometry {
  readonly bearingDeg: number
  readonly bounds: { readonly min: XY; readonly max: XY }
  readonly boundary: readonly Ring[]
  /** Ground areas and lines by the `kind` of the file's features. */
  readonly areas: readonly {
    readonly kind: string
    readonly fire: boolean
    readonly name: string
    readonly nameEn: string
    readonly rings: readonly Ring[]
  }[]
  readonly roads: readonly { readonly name: string; readonly nameEn: string; readonly ring: Ring }[]
  readonly blocks: readonly PlanBlock[]
  readonly bays: readonly { readonly id: string; readonly use: string; readonly ring: Ring; readonly centre: XY }[]
  readonly lifts: readonly { readonly id: string; readonly at: XY }[]
  readonly cameras: readonly PlanCamera[]
  readonly zones: readonly PlanZone[]
  readonly gates: readonly PlanGate[]
  readonly fenceLengthM: number
  /** A point on the wire by its chainage; undefined without a fence. */
  atChainage(metres: number): XY | undefined
  /** A position of the file on the drawing. */
  place(position: Position): XY
}

/** @param estate its bearing is taken out, so that rows lie level and north tilts instead */
export function planGeometry(estate: Estate): PlanGeometry {
  const outline = estate.plan.features.find((feature) => feature.properties['kind'] === 'boundary')
  const origin = originOf(estate, outline)
  const projection = projectionAt(origin)
  const place = (position: Position): XY => {
    const { x, y } = turn(projection.toMetres(position), -estate.bearingDeg)
    return { x, y: -y }
  }
  const ring = (positions: readonly Position[]) => positions.map(place)
  const of = <Site>(kind: string) =>
    estate.devices.filter((device) => device.kind === kind).map((device) => ({ device, site: siteOf<Site>(device) }))

  const boundary = outline?.geometry.type === 'Polygon' ? outline.geometry.coordinates.map(ring) : []
  const fence = estate.fence
  const line = fence ? ring(fence.line.coordinates) : []
  const openings = fence?.openings ?? []
  const blocks = estate.blocks.map((block) => {
    const outer = ring(block.outline.coordinates[0] ?? [])
    return { id: block.id, name: block.name, stairwells: block.stairwells, ring: outer, centre: centroid(outer.slice(0, -1)) }
  })
  const all = [...boundary.flat(), ...line, ...blocks.flatMap((block) => block.ring)]

  return {
    bearingDeg: estate.bearingDeg,
    bounds: boundsOf(all),
    boundary,
    areas: estate.plan.features.flatMap((feature) => {
      const kind = String(feature.properties['kind'])
      if (kind === 'boundary' || kind === 'road') return []
      const rings = feature.geometry.type === 'Polygon' ? feature.geometry.coordinates.map(ring) : pointRing(feature, place)
      const name = String(feature.properties['name'] ?? '')
      return [{ kind, fire: feature.properties['fire'] === true, name, nameEn: String(feature.properties['nameEn'] ?? name), rings }]
    }),
    roads: estate.plan.features.flatMap(({ properties, geometry }) => {
      const line = geometry.type === 'Polygon' ? geometry.coordinates[0] : geometry.type === 'LineString' ? geometry.coordinates : undefined
      const name = String(properties['name'] ?? '')
      return properties['kind'] === 'road' && line ? [{ name, nameEn: String(properties['nameEn'] ?? name), ring: ring(line) }] : []
    }),
    blocks,
    bays: of<ParkingBaySite>('parking-bay').map(({ device, site }) => {
      const outer = ring(site.area.coordinates[0] ?? [])
      return { id: device.id, use: site.use, ring: outer, centre: centroid(outer.slice(0, -1)) }
    }),
    lifts: of<ElevatorSite>('elevator').map(({ device, site }) => ({ id: device.id, at: place(site.position) })),
    cameras: of<CameraSite>('camera').map(({ device, site }) => ({
      id: device.id,
      name: device.name,
      at: place(site.position),
      facingDeg: (site.bearingDeg - estate.bearingDeg + 360) % 360,
      fovDeg: site.fovDeg,
      rangeM: site.rangeM,
    })),
    zones: of<FenceZoneSite>('fence-zone')
      .map(({ device, site }) => ({
        id: device.id,
        fromM: site.fromM,
        toM: site.toM,
        pieces: line.length === 0 ? [] : wireBetween(line, site, openings),
      }))
      .sort((a, b) => a.fromM - b.fromM),
    gates: openings.map((opening) => {
      const [from, to] = openingEnds(line, opening, openings)
      return {
        id: opening.gate,
        name: opening.name,
        ...(opening.nameEn === undefined ? {} : { nameEn: opening.nameEn }),
        chainageM: opening.chainageM,
        from,
        to,
        centre: centroid([from, to]),
      }
    }),
    fenceLengthM: fence?.lengthM ?? 0,
    atChainage: (metres) => (fence ? pointAlong(line, lineDistanceM(metres, openings)) : undefined),
    place,
  }
}

/** A bin house or guard box drawn from a point alone: a small rectangle. */
function pointRing(feature: Feature, place: (position: Position) => XY): Ring[] {
  if (feature.geometry.type !== 'Point') return []
  const { x, y } = place(feature.geometry.coordinates)
  const [w, h] = [2.5, 1.8] // 5 × 3.6 m
  const corners: readonly (readonly [number, number])[] = [
    [-w, -h],
    [w, -h],
    [w, h],
    [-w, h],
  ]
  return [corners.map(([dx, dy]) => ({ x: x + dx, y: y + dy }))]
}

function originOf(estate: Estate, outline: Feature | undefined): Position {
  if (outline?.geometry.type === 'Polygon') {
    const ring = outline.geometry.coordinates[0] ?? []
    if (ring.length > 0)
      return [ring.reduce((sum, [lon]) => sum + lon, 0) / ring.length, ring.reduce((sum, [, lat]) => sum + lat, 0) / ring.length]
  }
  return estate.fence?.line.coordinates[0] ?? estate.blocks[0]?.outline.coordinates[0]?.[0] ?? [121.45, 31.3]
}

function boundsOf(points: readonly XY[]): PlanGeometry['bounds'] {
  if (points.length === 0) return { min: { x: -50, y: -50 }, max: { x: 50, y: 50 } }
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  return { min: { x: Math.min(...xs), y: Math.min(...ys) }, max: { x: Math.max(...xs), y: Math.max(...ys) } }
}

/** The gate that is nearest as the crow flies, with whole metres. */
export function nearestGate(plan: Pick<PlanGeometry, 'gates'>, at: XY): { readonly gate: PlanGate; readonly metres: number } | undefined {
  const [best] = plan.gates.map((gate) => ({ gate, metres: Math.round(distanceM(gate.centre, at)) })).sort((a, b) => a.metres - b.metres)
  return best
}
