/** Rows of houses across an outline, the lanes between them and the cells that stay open: every row a gap of about a house's height from the next. */
import type { XY } from '../../domain/geometry.ts'
import { ringOfBox, swapped, widestSpan, type Box, type Span } from './box.ts'
import type { Dice } from './dice.ts'
import { closeCourts, courtsOf, fillCell, type House, type Style } from './fill-cells.ts'

export interface Lane {
  readonly id: string
  readonly fire: boolean
  /** Along x between houses, or the spine and the cross lanes along y. */
  readonly runs: 'row' | 'cross'
  readonly box: Box
}

export interface Rows {
  readonly houses: readonly House[]
  readonly lanes: readonly Lane[]
  readonly green: Box | undefined
  /** Gardens with houses on all four sides. */
  readonly courts: readonly Box[]
  readonly committee: Box | undefined
  /** Open ground for parking at right angles. */
  readonly lots: readonly Box[]
}

export interface RowOptions {
  readonly outline: readonly XY[]
  /** The middle of the south gate, where the spine begins. */
  readonly gate: XY
  readonly storeys: number
  readonly style: Style
}

const SPINE_M = 6
const CROSS_M = 4
const LANE_M = 4.5
/** From a north face: path and entrance, then the lane. */
const PATH_M = 3.5
/** Between a house and the fence, and between a house and a cross lane. */
const EDGE_M = 9
const SIDE_M = 3.8
/** By so much is a court wider than the gap between two rows. */
const COURT_M = 12

interface Grid {
  readonly dice: Dice
  readonly style: Style
  readonly outline: readonly XY[]
  readonly depth: number
  /** South faces, from the south. */
  readonly rowsAt: readonly number[]
  readonly spine: Span
  readonly crosses: readonly Span[]
}

export function drawRows(dice: Dice, options: RowOptions): Rows {
  const grid = layGrid(dice, options)
  const half = Math.floor(grid.rowsAt.length / 2)
  const middle = grid.style === 'courts' ? half | 1 : half
  const cells = grid.rowsAt.flatMap((y, row) => cellsOf(grid, y).map((cell) => ({ ...cell, row })))
  const beside = (edge: 'x0' | 'x1', at: number) => cells.find(({ row, box }) => row === middle && Math.abs(box[edge] - at) < 0.1)
  const greenCell = grid.style === 'courts' ? undefined : beside('x1', grid.spine.from - SIDE_M)
  const committeeCell = beside('x0', grid.spine.to + SIDE_M)
  const lotCells = dice
    .shuffle(cells.filter((cell) => cell !== greenCell && cell !== committeeCell && cell.row !== middle))
    .slice(0, cells.length > 14 ? 2 : 1)
  const taken = new Set([greenCell, committeeCell, ...lotCells])
  const built = cells.filter((cell) => !taken.has(cell))
  const courts = grid.style === 'courts' ? courtsOf(built) : []
  const houses = built.flatMap(({ box, row }) => fillCell(dice, box, grid.style).map((house) => ({ ...house, row })))
  return {
    houses: [...houses, ...courts.flatMap((court) => closeCourts(dice, court))],
    lanes: lanesOf(grid, middle),
    green: greenCell?.box,
    courts: courts.map(({ garden }) => garden),
    committee: committeeCell?.box,
    lots: lotCells.map(({ box }) => box),
  }
}

function layGrid(dice: Dice, { outline, gate, storeys, style }: RowOptions): Grid {
  const depth = dice.between(10.8, 12.4)
  const least = depth + Math.max(15, storeys * 2.95 * dice.between(1, 1.06))
  const north = northOf(outline)
  const first = gate.y + dice.between(21, 25)
  // Room for the lane behind the last row; what is left over goes to the gardens between all rows.
  const room = north - PATH_M - LANE_M - dice.between(6, 9) - depth - first
  const rowsAt = style === 'courts' ? pairedRows(room, least) : evenRows(room, least)
  const spine = { from: gate.x - SPINE_M / 2, to: gate.x + SPINE_M / 2 }
  return {
    dice,
    style,
    outline,
    depth,
    rowsAt: rowsAt.map((y) => first + y),
    spine,
    crosses: [...crossesFrom(dice, { outline, from: spine.from, step: -1 }), ...crossesFrom(dice, { outline, from: spine.to, step: 1 })],
  }
}

function evenRows(room: number, least: number): number[] {
  const count = Math.max(2, Math.floor(room / least) + 1)
  const pitch = Math.max(least, Math.min(least * 1.22, room / (count - 1)))
  return Array.from({ length: count }, (_, i) => i * pitch)
}

/** Two and two: a wide court inside each pair, a lane between the pairs. */
function pairedRows(room: number, least: number): number[] {
  const pairs = Math.max(1, Math.floor((room + least) / (2 * least + COURT_M)))
  const stretch = Math.max(1, Math.min(1.2, room / (pairs * (least + COURT_M) + (pairs - 1) * least)))
  return Array.from({ length: pairs * 2 }, (_, i) => (Math.ceil(i / 2) * (least + COURT_M) + Math.floor(i / 2) * least) * stretch)
}

/** The farthest y at which there is still room for a house and its garden beside each other. */
function northOf(outline: readonly XY[]): number {
  const turned = swapped(outline)
  const west = Math.min(...outline.map(({ x }) => x))
  const east = Math.max(...outline.map(({ x }) => x))
  const windows = Array.from({ length: Math.max(1, Math.ceil((east - west - 65) / 10)) }, (_, i) => west + i * 10)
  return Math.max(...windows.map((from) => widestSpan(turned, { from, to: from + 65 }, 0)?.to ?? 0))
}

/** A cross lane after each house or two, as far as there is room for one more beyond it. */
function crossesFrom(
  dice: Dice,
  { outline, from, step }: { readonly outline: readonly XY[]; readonly from: number; readonly step: 1 | -1 },
): Span[] {
  const xs = outline.map(({ x }) => x)
  const end = step > 0 ? Math.max(...xs) : Math.min(...xs)
  const crosses: Span[] = []
  for (let at = from; ;) {
    const next = at + step * dice.between(58, 80)
    if ((end - next) * step < 44) return crosses
    crosses.push(step > 0 ? { from: next, to: next + CROSS_M } : { from: next - CROSS_M, to: next })
    at = next + step * CROSS_M
  }
}

function cellsOf({ outline, depth, spine, crosses }: Grid, y: number): { readonly box: Box }[] {
  const inside = widestSpan(outline, { from: y - 6, to: y + depth + 6 }, EDGE_M)
  if (inside === undefined) return []
  const walls = [...crosses, spine].sort((a, b) => a.from - b.from)
  const edges = [{ from: -Infinity, to: inside.from - SIDE_M }, ...walls, { from: inside.to + SIDE_M, to: Infinity }]
  return edges.slice(1).flatMap((wall, i) => {
    const x0 = Math.max(inside.from, edges[i]!.to + SIDE_M)
    const x1 = Math.min(inside.to, wall.from - SIDE_M)
    return x1 - x0 >= 26.5 ? [{ box: { x0, y0: y, x1, y1: y + depth } }] : []
  })
}

function lanesOf({ dice, style, outline, depth, rowsAt, spine, crosses }: Grid, middle: number): Lane[] {
  const tops: number[] = []
  const rows = rowsAt.flatMap((rowY, row) => {
    if (style === 'courts' && row % 2 === 0) return [] // a court, not a gap
    const y0 = rowY + depth + PATH_M
    const inside = widestSpan(outline, { from: y0 - 1, to: y0 + LANE_M + 1 }, 5)
    if (inside === undefined) return []
    tops.push(y0 + LANE_M)
    const fire = row === rowsAt.length - 1 || row === middle
    const parts = [
      { x0: inside.from, x1: Math.min(inside.to, spine.from) },
      { x0: Math.max(inside.from, spine.to), x1: inside.to },
    ]
    return parts.filter(({ x0, x1 }) => x1 - x0 > 12).map(({ x0, x1 }) => ({ fire, box: { x0, x1, y0, y1: y0 + LANE_M } }))
  })
  const bottom = rowsAt[style === 'courts' ? 1 : 0]! + depth + PATH_M
  const upright = (span: Span, from: number): Box[] => {
    const inside = widestSpan(swapped(outline), { from: span.from - 1, to: span.to + 1 }, 2)
    if (inside === undefined) return []
    const reach = tops.filter((top) => top <= inside.to)
    const top = reach[reach.length - (from === bottom && reach.length > 4 && dice.chance(0.4) ? 2 : 1)]
    return top === undefined || top - from < 20 ? [] : [{ x0: span.from, x1: span.to, y0: from, y1: top }]
  }
  const gateY = Math.min(...outline.filter(({ x }) => Math.abs(x - (spine.from + spine.to) / 2) < 4).map(({ y }) => y))
  return [
    ...rows.map(({ fire, box }, i): Lane => ({ id: `lane-${i + 1}`, fire, runs: 'row', box })),
    ...[
      ...upright(spine, gateY + 0.5).map((box) => ({ fire: true, box })),
      ...crosses.flatMap((span) => upright(span, bottom)).map((box) => ({ fire: false, box })),
    ].map(({ fire, box }, i): Lane => ({ id: `cross-${i + 1}`, fire, runs: 'cross', box })),
  ]
}

export const laneRing = ({ box }: Lane) => ringOfBox(box)
