/** Turns a drawing and puts it on the globe, to the centimetre. */
import type { Polygon, Position } from '../../domain/geojson.ts'
import { projectionAt, turn, type XY } from '../../domain/geometry.ts'

/** From the drawing's frame to the globe. */
export interface Placing {
  position(point: XY): Position
  polygon(ring: readonly XY[]): Polygon
  bearing(degrees: number): number
}

export function placingOf({ origin, bearingDeg: turned }: { readonly origin: Position; readonly bearingDeg: number }): Placing {
  const projection = projectionAt(origin)
  // 7 decimals are a centimetre.
  const position = (point: XY): Position => {
    const [lon, lat] = projection.toPosition(turn(point, turned))
    return [Number(lon.toFixed(7)), Number(lat.toFixed(7))]
  }
  return {
    position,
    polygon: (ring) => ({ type: 'Polygon', coordinates: [[...ring, ring[0]!].map(position)] }),
    bearing: (degrees) => Math.round((((degrees + turned) % 360) + 360) % 360) % 360,
  }
}
