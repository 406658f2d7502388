/** Plane geometry in the estate's own metres (x east, y north of an origin), for chainage, distances and what a camera sees. */
import type { LineString, Polygon, Position } from './geojson.ts'

export interface XY {
  readonly x: number
  readonly y: number
}

const EARTH_RADIUS_M = 6_371_008.8 // IUGG mean radius
const RAD = Math.PI / 180

export interface Projection {
  toMetres(position: Position): XY
  toPosition(point: XY): Position
}

/** Equirectangular about an origin: within a kilometre in Shanghai the error is under 1 cm in 100 m. */
export function projectionAt(origin: Position): Projection {
  const [lon0, lat0] = origin
  const perLat = EARTH_RADIUS_M * RAD
  const perLon = perLat * Math.cos(lat0 * RAD)
  return {
    toMetres: ([lon, lat]) => ({ x: (lon - lon0) * perLon, y: (lat - lat0) * perLat }),
    toPosition: ({ x, y }) => [lon0 + x / perLon, lat0 + y / perLat],
  }
}

/** Turns clockwise by degrees about the origin. */
export function turn({ x, y }: XY, clockwiseDeg: number): XY {
  const c = Math.cos(clockwiseDeg * RAD)
  const s = Math.sin(clockwiseDeg * RAD)
  return { x: x * c + y * s, y: y * c - x * s }
}

export function distanceM(a: XY, b: XY): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** Compass bearing from a to b, 0–360, clockwise from north (+y). */
export function bearingDeg(a: XY, b: XY): number {
  return (Math.atan2(b.x - a.x, b.y - a.y) / RAD + 360) % 360
}

export function lineLengthM(line: readonly XY[]): number {
  return line.slice(1).reduce((sum, point, i) => sum + distanceM(line[i]!, point), 0)
}

/** A point so many metres along a line; the ends hold beyond it. */
export function pointAlong(line: readonly XY[], metres: number): XY {
  let left = Math.max(0, metres)
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1]!
    const b = line[i]!
    const length = distanceM(a, b)
    if (left <= length && length > 0) return { x: a.x + ((b.x - a.x) * left) / length, y: a.y + ((b.y - a.y) * left) / length }
    left -= length
  }
  return line.at(-1)!
}

/** The part of a line between two distances along it. */
export function sliceLine(line: readonly XY[], fromM: number, toM: number): XY[] {
  const out = [pointAlong(line, fromM)]
  let along = 0
  for (let i = 1; i < line.length; i++) {
    along += distanceM(line[i - 1]!, line[i]!)
    if (along > fromM && along < toM) out.push(line[i]!)
  }
  out.push(pointAlong(line, toM))
  return out
}

/** Metres along the wire → metres along the whole line: gate openings bear no chainage. */
export function lineDistanceM(chainageM: number, openings: readonly { readonly chainageM: number; readonly widthM: number }[]): number {
  return openings
    .filter((opening) => opening.chainageM < chainageM || (opening.chainageM === 0 && chainageM > 0))
    .reduce((sum, opening) => sum + opening.widthM, chainageM)
}

/** Even-odd rule; the first ring is the outline, further rings are holes. */
export function isInside(point: XY, rings: readonly (readonly XY[])[]): boolean {
  let inside = false
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const a = ring[i]!
      const b = ring[j]!
      if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) inside = !inside
    }
  return inside
}

export function segmentsCross(a: XY, b: XY, c: XY, d: XY): boolean {
  const side = (p: XY, q: XY, r: XY) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x))
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

export function centroid(points: readonly XY[]): XY {
  return { x: points.reduce((sum, p) => sum + p.x, 0) / points.length, y: points.reduce((sum, p) => sum + p.y, 0) / points.length }
}

export function toMetresLine(projection: Projection, line: LineString): XY[] {
  return line.coordinates.map((position) => projection.toMetres(position))
}

export function toMetresRings(projection: Projection, polygon: Polygon): XY[][] {
  return polygon.coordinates.map((ring) => ring.map((position) => projection.toMetres(position)))
}
