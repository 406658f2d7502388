/** Invents the ground of one estate from its figures: outline and fence, rows of houses and lanes, what stands between them, bays, cameras, lifts. */
import { centroid, isInside, nearestOnLine, type XY } from '../../domain/geometry.ts'
import type { LiftStage } from '../../domain/estate.ts'
import type { Words } from '../../domain/words.ts'
import { bendOf, creekAlong, type Bend } from './bend.ts'
import { boxOf, overlaps, ringOfBox, type Box } from './box.ts'
import type { Dice } from './dice.ts'
import { drawBays } from './draw-bays.ts'
import { drawOutline, GATE_WIDTH_M } from './draw-outline.ts'
import { drawRows, laneRing, type Lane, type Rows } from './draw-rows.ts'
import type { Style } from './fill-cells.ts'
import { entrancesOf, zonesOf, type Ground, type GroundBlock, type GroundFeature, type GroundGate, type GroundLift } from './ground.ts'
import { placeCameras } from './place-cameras.ts'

export interface EstateFigures {
  readonly fenceLengthM: number
  readonly storeys: number
  readonly style: Style
  /** By how much the north side bows out along a creek; 0 for a straight one. */
  readonly bowM: number
  readonly cameras: number
  /** As many as there is room for, up to this. */
  readonly mostBays: number
  readonly lifts: Readonly<Partial<Record<Exclude<LiftStage, 'taken-over'>, number>>>
  readonly roads: { readonly south: Words; readonly side: Words }
}

/** Undefined where the outline that the dice gave leaves too little room: throw again. */
export function drawGround(dice: Dice, figures: EstateFigures): Ground | undefined {
  const { fence: level, gate } = drawOutline(dice, { fenceLengthM: figures.fenceLengthM, openings: 2, bowM: figures.bowM })
  const bend = bendOf(level, figures.bowM)
  const fence = bend.along(level, 'open')
  const sideGate = dice.pick(['west', 'east'] as const)
  const rows = drawRows(dice, { outline: level, gate, storeys: figures.storeys, style: figures.style })
  const side = chooseSideGate({ fence, bend }, rows.lanes, sideGate)
  if (side === undefined || stairwellsOf(rows) < leastStairwells(figures)) return undefined
  const gates: GroundGate[] = [{ id: 'gate-south', name: { zh: '南门', en: 'South gate' }, chainageM: 0, widthM: GATE_WIDTH_M }, side.gate]
  const lanes = rows.lanes.map((lane) => (lane.id === side.lane.id ? side.lane : lane))
  const furniture = furnish(dice, { fence: level, gate, rows: { ...rows, lanes } })
  const bays = drawBays(dice, {
    outline: level,
    rows: { ...rows, lanes },
    obstacles: furniture.map(({ ring }) => boxOf(ring)),
    most: figures.mostBays,
  })
  const blocks = numbered(rows, { spineX: gate.x, storeys: figures.storeys, bend })
  const spots = furniture.filter(({ kind }) => kind === 'bin-house' || kind === 'bike-shed').map(({ ring }) => ring[0]!)
  return {
    fence,
    fenceLengthM: figures.fenceLengthM,
    gates,
    zones: zonesOf(figures.fenceLengthM),
    features: [
      ...streets(fence, { ...figures.roads, at: sideGate }),
      ...(figures.bowM === 0 ? [] : [{ kind: 'pond', id: 'creek', ring: creekAlong(level, bend) } as const]),
      ...[...land(rows), ...lanes.map(laneFeature)].map((feature) => ({ ...feature, ring: bend.along(feature.ring) })),
      ...furniture.map((feature) => ({ ...feature, ring: bend.rigid(feature.ring) })),
    ],
    blocks,
    bays: bays.map(({ use, ring }) => ({ use, ring: bend.rigid(ring) })),
    cameras: placeCameras(dice, { fence, fenceLengthM: figures.fenceLengthM, gates, lanes, spots, bend, count: figures.cameras }),
    lifts: placeLifts(dice, blocks, figures.lifts),
  }
}

const stairwellsOf = ({ houses }: Rows) => houses.reduce((sum, { stairwells }) => sum + stairwells, 0)

/** A lift at every second door at most, and a ground that is not mostly empty. */
function leastStairwells({ lifts, fenceLengthM }: EstateFigures): number {
  const wanted = Object.values(lifts).reduce((sum, count) => sum + count, 0)
  return Math.max(wanted * 2, 0.4 * (fenceLengthM / 100) ** 2)
}

/** Where the lane nearest the middle of that side meets the fence; the lane is led through to it. */
function chooseSideGate(
  { fence, bend }: { readonly fence: readonly XY[]; readonly bend: Bend },
  lanes: readonly Lane[],
  at: 'west' | 'east',
) {
  const { x0, x1, y0, y1 } = boxOf(fence)
  const end = (box: Box) => (at === 'west' ? box.x0 : box.x1)
  const outer = lanes.filter(({ runs, box }) => runs === 'row' && Math.abs(end(box) - (at === 'west' ? x0 : x1)) < (x1 - x0) * 0.3)
  const lane = [...outer].sort((a, b) => Math.abs(a.box.y0 - (y0 + y1) * 0.4) - Math.abs(b.box.y0 - (y0 + y1) * 0.4))[0]
  if (lane === undefined) return undefined
  const nearest = nearestOnLine(fence, bend.rigid([{ x: end(lane.box), y: (lane.box.y0 + lane.box.y1) / 2 }])[0]!)
  const chainageM = Math.round((nearest.alongM - GATE_WIDTH_M / 2) * 10) / 10
  const name = at === 'west' ? { zh: '西门', en: 'West gate' } : { zh: '东门', en: 'East gate' }
  const box = at === 'west' ? { ...lane.box, x0: lane.box.x0 - nearest.awayM + 1 } : { ...lane.box, x1: lane.box.x1 + nearest.awayM - 1 }
  return { gate: { id: `gate-${at}`, name, chainageM, widthM: GATE_WIDTH_M }, lane: { ...lane, box } }
}

function streets(
  fence: readonly XY[],
  { south, side, at }: { readonly south: Words; readonly side: Words; readonly at: 'west' | 'east' },
): GroundFeature[] {
  const { x0, x1, y0, y1 } = boxOf(fence)
  const sideX = at === 'west' ? { x0: x0 - 18, x1: x0 - 6 } : { x0: x1 + 6, x1: x1 + 18 }
  return [
    { kind: 'road', id: `road-${at}`, name: side, ring: ringOfBox({ ...sideX, y0: y0 - 18, y1: y1 + 8 }) },
    { kind: 'road', id: 'road-south', name: south, ring: ringOfBox({ x0: x0 - 6, x1: x1 + 6, y0: y0 - 18, y1: y0 - 6 }) },
  ]
}

function land({ green, courts, committee }: Rows): GroundFeature[] {
  const features: GroundFeature[] = courts.map((court, i) => ({ kind: 'green', id: `green-${i + 1}`, ring: ringOfBox(court) }))
  if (green !== undefined) {
    features.push({ kind: 'green', id: 'green-centre', ring: ringOfBox({ ...green, y0: green.y0 - 2, y1: green.y1 + 1 }) })
    features.push({ kind: 'pond', id: 'pond-centre', ring: pond(green) })
  }
  if (committee !== undefined) {
    const house = { ...committee, x1: Math.min(committee.x1, committee.x0 + 27), y1: committee.y0 + 12 }
    features.push({
      kind: 'committee-house',
      id: 'committee-house',
      name: { zh: '居委会', en: "Residents' committee" },
      ring: ringOfBox(house),
    })
  }
  return features
}

/** An oval a little out of round. */
function pond(green: Box): XY[] {
  const centre = { x: (green.x0 + green.x1) / 2, y: (green.y0 + green.y1) / 2 }
  const long = Math.min(15, (green.x1 - green.x0) * 0.22)
  const wide = (green.y1 - green.y0) * 0.34
  return Array.from({ length: 20 }, (_, i) => {
    const angle = (i / 20) * 2 * Math.PI
    const bulge = 1 + 0.12 * Math.sin(3 * angle + 1)
    return { x: centre.x + Math.cos(angle) * long * bulge, y: centre.y + Math.sin(angle) * wide * bulge }
  })
}

function laneFeature(lane: Lane): GroundFeature {
  return { kind: 'lane', id: lane.id, fire: lane.fire, ring: laneRing(lane) }
}

/** Guard box, bin houses where lanes cross, bike sheds in the gardens. */
function furnish(
  dice: Dice,
  { fence, gate, rows }: { readonly fence: readonly XY[]; readonly gate: XY; readonly rows: Rows },
): GroundFeature[] {
  const blocked = [...rows.houses.flatMap(({ box, wing }) => (wing ? [box, wing] : [box])), ...rows.lanes.map(({ box }) => box)]
  const upright = rows.lanes.filter(({ runs }) => runs === 'cross').map(({ box }) => box)
  const level = rows.lanes.filter(({ runs }) => runs === 'row').map(({ box }) => box)
  const corners = level.flatMap((row) =>
    upright
      .filter((lane) => overlaps(lane, row))
      .map((lane) => ({ x0: lane.x1 + 1.2, y0: row.y1 + 0.6, x1: lane.x1 + 6.2, y1: row.y1 + 4.2 })),
  )
  const sheds = rows.houses.map(({ box }) => {
    const length = dice.between(16, 24)
    return { x0: box.x0 + 3, y0: box.y0 - 6.8, x1: box.x0 + 3 + length, y1: box.y0 - 2.4 }
  })
  const guard = { x0: gate.x + 4.6, y0: gate.y + 3.2, x1: gate.x + 9.1, y1: gate.y + 7.7 }
  const inside = (box: Box) => box.y0 > boxOf(fence).y0 + 5 && ringOfBox(box).every((corner) => isInside(corner, [fence]))
  const free = (box: Box) => inside(box) && !blocked.some((other) => overlaps(box, other, 0.5))
  const some = (boxes: readonly Box[], count: number) => dice.shuffle(boxes.filter(free)).slice(0, count)
  const feature =
    (kind: 'bin-house' | 'bike-shed') =>
    (box: Box, i: number): GroundFeature => ({ kind, id: `${kind}-${i + 1}`, ring: ringOfBox(box) })
  return [
    { kind: 'guard-box', id: 'guard-box-south', ring: ringOfBox(guard) },
    ...some(corners, Math.max(2, Math.round(rows.houses.length / 8))).map(feature('bin-house')),
    ...some(sheds, Math.max(1, Math.round(rows.houses.length / 7))).map(feature('bike-shed')),
  ]
}

/** Up the west side from the south and down the east side, from side to side in each row. */
function numbered(
  { houses }: Rows,
  { spineX, storeys, bend }: { readonly spineX: number; readonly storeys: number; readonly bend: Bend },
): GroundBlock[] {
  const west = houses.filter(({ box }) => box.x1 < spineX)
  const east = houses.filter(({ box }) => box.x1 >= spineX)
  const ordered = [
    ...[...west].sort((a, b) => a.row - b.row || a.box.x0 - b.box.x0),
    ...[...east].sort((a, b) => b.row - a.row || a.box.x0 - b.box.x0),
  ]
  return ordered.map(({ box, wing, stairwells }, i) => {
    const middle = centroid(ringOfBox(box))
    const [from, to] = bend.rigid(entrancesOf(box), middle)
    return { number: i + 1, storeys, stairwells, ring: bend.rigid(outlineOf(box, wing), middle), entrances: [from!, to!] }
  })
}

/** Of a slab, with a wing on the west or the east end of its south face. */
function outlineOf(box: Box, wing: Box | undefined): XY[] {
  const [southWest, southEast, northEast, northWest] = ringOfBox(box) as [XY, XY, XY, XY]
  if (!wing) return [southWest, southEast, northEast, northWest]
  const [from, to] = ringOfBox(wing) as [XY, XY, XY, XY]
  const foot = wing.x0 === box.x0 ? [from, to, { x: wing.x1, y: box.y0 }, southEast] : [southWest, { x: wing.x0, y: box.y0 }, from, to]
  return [...foot, northEast, northWest]
}

function placeLifts(dice: Dice, blocks: readonly GroundBlock[], wanted: EstateFigures['lifts']): GroundLift[] {
  const stages = (['in-service', 'under-construction', 'permitted', 'signed'] as const).flatMap((stage) =>
    Array<LiftStage>(wanted[stage] ?? 0).fill(stage),
  )
  const doors = dice.shuffle(
    blocks.flatMap(({ number, stairwells }) => Array.from({ length: stairwells }, (_, i) => ({ block: number, stairwell: i + 1 }))),
  )
  const lifts = stages.map((stage, i) => ({ ...doors[i]!, stage }))
  return lifts.sort((a, b) => a.block - b.block || a.stairwell - b.stairwell)
}
