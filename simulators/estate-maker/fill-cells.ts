/** The houses of a cell of the ground, by the style of the estate: long slabs, slabs around a garden, or points that stand staggered. */
import type { Box } from './box.ts'
import type { Dice } from './dice.ts'

/** `rows` of slabs; some of them `angled` to an L; `courts` with houses on four sides; staggered `points`. */
export type Style = 'rows' | 'angled' | 'courts' | 'points'

export interface House {
  /** From the south. */
  readonly row: number
  readonly box: Box
  readonly stairwells: number
  /** Built on to its south face at one end: the house is an L. */
  readonly wing?: Box
}

export interface Cell {
  readonly row: number
  readonly box: Box
}

/** A garden between two rows, and the cells north and south of it. */
export interface Court {
  readonly garden: Box
  readonly row: number
}

type Built = Omit<House, 'row'>

const POINT_M = { width: 21, depth: 14, apart: 12 }
const WING_M = { width: 11, depth: 5.6 }
/** Clear of the houses north and south of it. */
const COURT_SIDE_M = 4.5

export function fillCell(dice: Dice, cell: Box, style: Style): Built[] {
  if (style === 'points') return points(dice, cell)
  const slabs_ = slabs(dice, cell)
  return style === 'angled' ? slabs_.map((house) => (dice.chance(0.4) ? angled(dice, house) : house)) : slabs_
}

/** One slab of up to five stairwells, or two with a passage between; none quite in line. */
function slabs(dice: Dice, cell: Box): Built[] {
  const stairwellM = dice.between(13, 13.5)
  const room = cell.x1 - cell.x0
  const two = room > 5 * stairwellM + 20
  const passageM = dice.between(6, 9)
  const most = Math.floor((two ? (room - passageM) / 2 : room) / stairwellM)
  const counts = Array.from({ length: two ? 2 : 1 }, () => Math.min(5, most > 3 && dice.chance(0.28) ? most - 1 : most))
  const built = counts.reduce((sum, count) => sum + count * stairwellM, 0) + (two ? passageM : 0)
  let x = cell.x0 + dice.between(0, room - built)
  return counts.map((stairwells) => {
    const shift = dice.between(-2.4, 0.8)
    const box = { x0: x, y0: cell.y0 + shift, x1: x + stairwells * stairwellM, y1: cell.y1 + shift }
    x = box.x1 + passageM
    return { box, stairwells }
  })
}

function angled(dice: Dice, house: Built): Built {
  const { x0, y0, x1 } = house.box
  const west = dice.chance(0.5) ? x0 : x1 - WING_M.width
  return { ...house, wing: { x0: west, y0: y0 - WING_M.depth, x1: west + WING_M.width, y1: y0 } }
}

/** As many as there is room for, in turn nearer to the lane and farther from it. */
function points(dice: Dice, cell: Box): Built[] {
  const { width, depth, apart } = POINT_M
  const room = cell.x1 - cell.x0
  const count = Math.max(1, Math.floor((room + apart) / (width + apart)))
  const stepM = count === 1 ? 0 : Math.min(width + apart * 1.6, (room - width) / (count - 1))
  const x = cell.x0 + dice.between(0, Math.max(0, room - width - stepM * (count - 1)))
  const first = dice.whole(0, 1)
  return Array.from({ length: count }, (_, i) => {
    const y1 = cell.y1 - ((i + first) % 2) * 4 + dice.between(-0.6, 0.6)
    return { box: { x0: x + i * stepM, y0: y1 - depth, x1: x + i * stepM + width, y1 }, stairwells: 2 }
  })
}

/** Where a cell of an even row has one of the same width north of it. */
export function courtsOf(cells: readonly Cell[]): Court[] {
  return cells.flatMap(({ row, box }) => {
    if (row % 2 !== 0) return []
    const opposite = cells.find(
      (other) => other.row === row + 1 && Math.abs(other.box.x0 - box.x0) < 6 && Math.abs(other.box.x1 - box.x1) < 6,
    )
    if (!opposite) return []
    const garden = {
      x0: Math.max(box.x0, opposite.box.x0),
      x1: Math.min(box.x1, opposite.box.x1),
      y0: box.y1 + COURT_SIDE_M,
      y1: opposite.box.y0 - COURT_SIDE_M,
    }
    return [{ garden, row }]
  })
}

/** Short houses across both ends of the garden. */
export function closeCourts(dice: Dice, { garden, row }: Court): House[] {
  const depth = dice.between(10.8, 11.6)
  const room = garden.y1 - garden.y0
  const length = Math.min(room, 2 * dice.between(11, 12))
  const y0 = garden.y0 + (room - length) / 2
  const upright = (x0: number): House => ({ row, stairwells: length > 20 ? 2 : 1, box: { x0, y0, x1: x0 + depth, y1: y0 + length } })
  return garden.x1 - garden.x0 < 44 ? [upright(garden.x0)] : [upright(garden.x0), upright(garden.x1 - depth)]
}
