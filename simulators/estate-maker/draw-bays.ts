/** Parking bays: along the kerbs in fours with gaps for trees and entrances, and at right angles on open ground. */
import { isInside, type XY } from '../../domain/geometry.ts'
import { overlaps, ringOfBox, type Box, type Span } from './box.ts'
import type { Dice } from './dice.ts'
import type { GroundBay } from './ground.ts'
import type { Lane, Rows } from './draw-rows.ts'

const LONG_M = 5.3
const WIDE_M = 2.5
/** Clear of a lane that crosses. */
const CORNER_M = 4

export interface BayOptions {
  readonly outline: readonly XY[]
  readonly rows: Rows
  /** Sheds, bin houses and the like. */
  readonly obstacles: readonly Box[]
  readonly most: number
}

export function drawBays(dice: Dice, { outline, rows, obstacles, most }: BayOptions): GroundBay[] {
  const houses = rows.houses.flatMap(({ box, wing }) => (wing ? [box, wing] : [box]))
  const lanes = rows.lanes.map(({ box }) => box)
  const still = [...obstacles, ...houses, ...[rows.green, rows.committee, ...rows.courts].filter((box) => box !== undefined)]
  const isFree = (box: Box) =>
    ringOfBox(box).every((corner) => isInside(corner, [outline])) &&
    !still.some((other) => overlaps(box, other, 0.4)) &&
    !lanes.some((lane) => overlaps(box, lane))
  const kerb = rows.lanes.filter(({ runs, fire }) => runs === 'row' && !fire).flatMap((lane) => kerbBays(dice, lane, lanes))
  const lots = rows.lots.flatMap((lot) => lotBays(lot))
  const south = southBays(outline, rows)
  const apart = (boxes: readonly Box[]) => boxes.filter((box, i) => isFree(box) && !boxes.slice(0, i).some((other) => overlaps(box, other)))
  const open = apart([...lots, ...south]).slice(0, most)
  const left = [...open, ...thinOut(dice, apart([...open, ...kerb]).slice(open.length), most - open.length)]
  const watched = forbidden(dice, rows)
  return [...left.slice(watched.length).map((box): GroundBay => ({ use: 'bay', ring: ringOfBox(box) })), ...watched]
}

function kerbBays(dice: Dice, { box }: Lane, lanes: readonly Box[]): Box[] {
  const crossings: Span[] = lanes
    .filter((lane) => overlaps(lane, box) && lane.y1 - lane.y0 > 20)
    .map(({ x0, x1 }) => ({ from: x0 - CORNER_M, to: x1 + CORNER_M }))
  const bays: Box[] = []
  for (let x = box.x0 + dice.between(2, 6); x + LONG_M < box.x1 - 2;) {
    for (let i = 0; i < dice.whole(3, 5); i++) {
      const to = x + LONG_M
      if (to < box.x1 - 2 && !crossings.some((span) => x < span.to && span.from < to))
        bays.push({ x0: x + 0.1, y0: box.y1 + 0.1, x1: to - 0.1, y1: box.y1 + 0.1 + WIDE_M })
      x = to
    }
    x += dice.between(2.5, 7)
  }
  return bays
}

/** One or two rows with their own aisle. */
function lotBays(lot: Box): Box[] {
  const rowAt = (y0: number) =>
    Array.from({ length: Math.floor((lot.x1 - lot.x0 - 4) / (WIDE_M + 0.1)) }, (_, i) => {
      const x0 = lot.x0 + 2 + i * (WIDE_M + 0.1)
      return { x0, y0, x1: x0 + WIDE_M, y1: y0 + LONG_M }
    })
  return [...rowAt(lot.y0 - 1.5), ...rowAt(lot.y0 - 1.5 + LONG_M + 5.6)]
}

/** South of the first row of houses, on both sides of the gate. */
function southBays(outline: readonly XY[], rows: Rows): Box[] {
  const spine = rows.lanes.find(({ runs, fire }) => runs === 'cross' && fire)?.box
  const firstRow = Math.min(...rows.houses.map(({ box }) => box.y0))
  if (spine === undefined) return []
  const sides = [
    { from: spine.x0 - 46, to: spine.x0 - 12 },
    { from: spine.x1 + 16, to: spine.x1 + 52 },
  ]
  const y0 = firstRow - 12 - LONG_M + 2
  return sides.flatMap(({ from, to }) =>
    Array.from({ length: Math.floor((to - from) / (WIDE_M + 0.1)) }, (_, i) => {
      const x0 = from + i * (WIDE_M + 0.1)
      return { x0, y0, x1: x0 + WIDE_M, y1: y0 + LONG_M }
    }).filter((box) =>
      ringOfBox({ ...box, y0: box.y0 - 3, x0: box.x0 - 3, x1: box.x1 + 3 }).every((corner) => isInside(corner, [outline])),
    ),
  )
}

/** Takes whole stretches away, so that what is left still stands in groups. */
function thinOut(dice: Dice, bays: readonly Box[], most: number): Box[] {
  const stretches = Array.from({ length: Math.ceil(bays.length / 4) }, (_, i) => i)
  const kept = new Set(dice.shuffle(stretches).slice(0, Math.ceil(most / 4)))
  return bays.filter((_, i) => kept.has(Math.floor(i / 4))).slice(0, most)
}

/** Ground under watch where no car may stand: a place on each fire lane, and one on the green. */
function forbidden(dice: Dice, { lanes, green }: Rows): GroundBay[] {
  const fire = lanes.filter((lane) => lane.fire && (lane.runs === 'row' ? lane.box.x1 - lane.box.x0 : lane.box.y1 - lane.box.y0) > 30)
  const onLanes = fire.slice(0, 4).map(({ runs, box }): GroundBay => {
    const along = dice.between(0.3, 0.7)
    const x0 = runs === 'row' ? box.x0 + (box.x1 - box.x0) * along : box.x0 + 1
    const y0 = runs === 'row' ? box.y0 + 1 : box.y0 + (box.y1 - box.y0) * along
    const [width, depth] = runs === 'row' ? [LONG_M, WIDE_M] : [WIDE_M, LONG_M]
    return { use: 'fire-lane', ring: ringOfBox({ x0, y0, x1: x0 + width, y1: y0 + depth }) }
  })
  if (green === undefined) return onLanes
  return [
    ...onLanes,
    { use: 'green', ring: ringOfBox({ x0: green.x1 - 8, y0: green.y0 + 1, x1: green.x1 - 8 + LONG_M, y1: green.y0 + 1 + WIDE_M }) },
  ]
}
