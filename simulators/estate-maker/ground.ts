/** An estate as it is drawn: in metres (x along the rows of houses, y across them), before it is turned and put on the globe. */
import type { LiftStage } from '../../domain/estate.ts'
import type { XY } from '../../domain/geometry.ts'
import type { Box } from './box.ts'
import type { Words } from '../../domain/words.ts'

export interface GroundFeature {
  readonly kind: 'road' | 'lane' | 'green' | 'pond' | 'guard-box' | 'bike-shed' | 'bin-house' | 'committee-house'
  readonly id: string
  readonly name?: Words
  /** A lane that must stay free for the fire brigade. */
  readonly fire?: boolean
  /** Without the repeated first corner. */
  readonly ring: readonly XY[]
}

export interface GroundBlock {
  readonly number: number
  readonly storeys: number
  readonly stairwells: number
  readonly ring: readonly XY[]
  /** The face with the doors, its outside on the left hand: from the first stairwell's end to the last one's. */
  readonly entrances: readonly [XY, XY]
}

export interface GroundBay {
  readonly use: 'bay' | 'fire-lane' | 'green'
  readonly ring: readonly XY[]
}

export interface GroundCamera {
  readonly at: XY
  /** In the frame of the drawing, clockwise from its y. */
  readonly bearingDeg: number
  readonly tag: 'gate' | 'fence' | 'ground'
}

export interface GroundLift {
  readonly block: number
  readonly stairwell: number
  readonly stage: LiftStage
}

export interface GroundGate {
  readonly id: string
  readonly name: Words
  readonly chainageM: number
  readonly widthM: number
}

export interface Ground {
  /** From the west jamb of the south gate clockwise to its east jamb: the line of the fence; closed, it is the boundary. */
  readonly fence: readonly XY[]
  readonly fenceLengthM: number
  /** The south gate, at 0 m, first. */
  readonly gates: readonly GroundGate[]
  readonly zones: readonly { readonly fromM: number; readonly toM: number }[]
  readonly features: readonly GroundFeature[]
  readonly blocks: readonly GroundBlock[]
  readonly bays: readonly GroundBay[]
  readonly cameras: readonly GroundCamera[]
  readonly lifts: readonly GroundLift[]
}

/** The north face of a level house, the east face of one that stands across the rows. */
export function entrancesOf(box: Box): [XY, XY] {
  const { x0, y0, x1, y1 } = box
  return x1 - x0 >= y1 - y0
    ? [
        { x: x0, y: y1 },
        { x: x1, y: y1 },
      ]
    : [
        { x: x1, y: y1 },
        { x: x1, y: y0 },
      ]
}

/** Corners anticlockwise from the south-west, as RFC 7946 wants outer rings. */
export function rectangle({
  x,
  y,
  width,
  depth,
}: {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly depth: number
}): XY[] {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + depth },
    { x, y: y + depth },
  ]
}

/** Zones of 100 m, the last one longer or shorter by what is left. */
export function zonesOf(lengthM: number): { fromM: number; toM: number }[] {
  const count = Math.max(1, Math.ceil(lengthM / 100 - 0.005))
  return Array.from({ length: count }, (_, i) => ({ fromM: i * 100, toM: i === count - 1 ? lengthM : (i + 1) * 100 }))
}
