/** The boundary of an invented estate: a crooked quadrilateral with cut corners and a neighbour's notch, whose fence is exactly as long as wanted. */
import { distanceM, lineLengthM, type XY } from '../../domain/geometry.ts'
import { bendOf } from './bend.ts'
import type { Dice } from './dice.ts'

export const GATE_WIDTH_M = 7
/** A bow does not grow with the rest: each time the error is some hundredths of what it was. */
const SCALINGS = 12

export interface Outline {
  /** From the west jamb of the south gate clockwise to its east jamb. */
  readonly fence: readonly XY[]
  /** The middle of the south gate. */
  readonly gate: XY
}

export interface OutlineOptions {
  /** Length of wire; `openings` gates of 7 m come on top. */
  readonly fenceLengthM: number
  readonly openings: number
  /** The fence is as long once its north side is bent out so far. */
  readonly bowM: number
}

type Corner = 'plain' | 'cut' | 'notch'

export function drawOutline(dice: Dice, { fenceLengthM, openings, bowM }: OutlineOptions): Outline {
  const half = (fenceLengthM + openings * GATE_WIDTH_M) / 2
  const height = half / (1 + dice.between(1, 1.55))
  const width = half - height
  const [southWest, northWest, northEast, southEast] = corners(dice)
  const shape = [
    ...corner(dice, { at: { x: 0, y: 0 }, toX: 1, toY: 1, size: { width, height }, form: southWest! }).reverse(),
    ...kink(dice, { x: dice.between(-6, 3), y: height * dice.between(0.35, 0.65) }),
    ...corner(dice, { at: { x: 0, y: height }, toX: 1, toY: -1, size: { width, height }, form: northWest! }),
    ...kink(dice, { x: width * dice.between(0.35, 0.65), y: height + dice.between(-3, 7) }),
    ...corner(dice, { at: { x: width, y: height }, toX: -1, toY: -1, size: { width, height }, form: northEast! }).reverse(),
    ...kink(dice, { x: width + dice.between(-3, 6), y: height * dice.between(0.35, 0.65) }),
    ...corner(dice, { at: { x: width, y: 0 }, toX: -1, toY: 1, size: { width, height }, form: southEast! }),
  ]
  const scaled = scaleTo(shape, { lengthM: fenceLengthM + openings * GATE_WIDTH_M, bowM })
  return cutGate(scaled, dice.between(0.38, 0.62))
}

function scaleTo(shape: readonly XY[], { lengthM, bowM }: { readonly lengthM: number; readonly bowM: number }): XY[] {
  let scale = 1
  const scaled = () => shape.map(({ x, y }) => ({ x: x * scale, y: y * scale }))
  for (let i = 0; i < (bowM === 0 ? 1 : SCALINGS); i++) {
    const ring = bendOf(scaled(), bowM).along(scaled())
    scale *= lengthM / lineLengthM([...ring, ring[0]!])
  }
  return scaled()
}

/** At most one notch, at one of the two northern corners, and one or two cut corners. */
function corners(dice: Dice): Corner[] {
  const forms: Corner[] = ['plain', 'plain', 'plain', 'plain']
  for (const i of dice.shuffle([0, 1, 2, 3]).slice(0, dice.whole(1, 2))) forms[i] = 'cut'
  if (dice.chance(0.7)) forms[dice.whole(1, 2)] = 'notch'
  return forms
}

interface CornerOptions {
  readonly at: XY
  /** Towards the inside along x and y: 1 or −1. */
  readonly toX: 1 | -1
  readonly toY: 1 | -1
  readonly size: { readonly width: number; readonly height: number }
  readonly form: Corner
}

/** From the upright side to the level side. */
function corner(dice: Dice, { at, toX, toY, size, form }: CornerOptions): XY[] {
  const x = at.x + toX * dice.between(0, 9)
  const y = at.y + toY * dice.between(0, 9)
  if (form === 'plain') return [{ x, y }]
  const alongX = size.width * (form === 'cut' ? dice.between(0.1, 0.22) : dice.between(0.2, 0.36))
  const alongY = size.height * (form === 'cut' ? dice.between(0.12, 0.28) : dice.between(0.13, 0.24))
  const ends = [
    { x, y: y + toY * alongY },
    { x: x + toX * alongX, y },
  ]
  if (form === 'cut') return ends
  return [ends[0]!, { x: x + toX * (alongX + dice.between(-2, 2)), y: y + toY * (alongY - dice.between(2, 7)) }, ends[1]!]
}

function kink(dice: Dice, at: XY): XY[] {
  return dice.chance(0.7) ? [at] : []
}

/** Opens the south side, which runs from the last corner to the first, at a share of its length from the west. */
function cutGate(shape: readonly XY[], share: number): Outline {
  const west = shape[0]!
  const east = shape.at(-1)!
  const along = (metres: number): XY => {
    const part = metres / distanceM(west, east)
    return { x: west.x + (east.x - west.x) * part, y: west.y + (east.y - west.y) * part }
  }
  const middleM = distanceM(west, east) * share
  return { fence: [along(middleM - GATE_WIDTH_M / 2), ...shape, along(middleM + GATE_WIDTH_M / 2)], gate: along(middleM) }
}
