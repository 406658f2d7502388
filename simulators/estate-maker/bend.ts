/** Bends a level drawing towards its north, as an estate lies along a creek: the south side stays, the rows follow the bow more and more. */
import { centroid, distanceM, turn, type XY } from '../../domain/geometry.ts'
import { boxOf } from './box.ts'

export interface Bend {
  /** Houses, bays and what else cannot be bent: moved and turned as a whole, as the ground under `about` (its middle unless told) is. */
  rigid(points: readonly XY[], about?: XY): XY[]
  /** Lanes and fences: bent point by point; `open` for a line, else a ring. */
  along(points: readonly XY[], open?: 'open'): XY[]
  /** Degrees, clockwise, by which the ground there is turned. */
  turnedDeg(at: XY): number
}

/** Of the south, as the gate and the first lane need it. */
const STRAIGHT_M = 12
const STEP_M = 7

export const noBend: Bend = { rigid: (points) => [...points], along: (points) => [...points], turnedDeg: () => 0 }

/** @param bowM how far the middle of the north side is moved outwards */
export function bendOf(outline: readonly XY[], bowM: number): Bend {
  if (bowM === 0) return noBend
  const { x0, x1, y0, y1 } = boxOf(outline)
  const angle = ({ x }: XY) => (2 * Math.PI * (x - x0)) / (x1 - x0)
  const share = ({ y }: XY) => Math.max(0, (y - y0 - STRAIGHT_M) / (y1 - y0 - STRAIGHT_M))
  const bent = (point: XY): XY => ({ x: point.x, y: point.y + (bowM / 2) * (1 - Math.cos(angle(point))) * share(point) })
  const turnedDeg = (at: XY) => {
    const slope = (bowM / 2) * Math.sin(angle(at)) * ((2 * Math.PI) / (x1 - x0)) * share(at)
    return (-Math.atan(slope) * 180) / Math.PI
  }
  return {
    rigid: (points, about = centroid(points)) => {
      const [to, degrees] = [bent(about), turnedDeg(about)]
      return points.map(({ x, y }) => {
        const turned = turn({ x: x - about.x, y: y - about.y }, degrees)
        return { x: to.x + turned.x, y: to.y + turned.y }
      })
    },
    along: (points, open) => {
      const ends = open === 'open' ? points.slice(0, -1) : points
      const bits = ends.flatMap((from, i) => between(from, points[(i + 1) % points.length]!))
      return [...bits, ...(open === 'open' ? points.slice(-1) : [])].map(bent)
    },
    turnedDeg,
  }
}

/** The first point and those that follow at a few metres each, without the last. */
function between(from: XY, to: XY): XY[] {
  const count = Math.max(1, Math.ceil(distanceM(from, to) / STEP_M))
  return Array.from({ length: count }, (_, i) => ({ x: from.x + ((to.x - from.x) * i) / count, y: from.y + ((to.y - from.y) * i) / count }))
}

/** The water beyond the north side, as wide as a small creek. */
export function creekAlong(outline: readonly XY[], bend: Bend): XY[] {
  const { x0, x1, y1 } = boxOf(outline)
  const bank = (y: number): XY[] => [
    { x: x0, y },
    { x: x1, y },
  ]
  return bend.along([...bank(y1 + 9), ...bank(y1 + 20).reverse()])
}
