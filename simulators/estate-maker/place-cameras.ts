/** Cameras of an invented estate: three at each gate, facing pairs along the fence, the rest where lanes cross and cars stand. */
import { bearingDeg, lineDistanceM, openingEnds, pointAlong, type XY } from '../../domain/geometry.ts'
import type { Bend } from './bend.ts'
import { overlaps, type Box } from './box.ts'
import type { Dice } from './dice.ts'
import type { Lane } from './draw-rows.ts'
import type { GroundCamera, GroundGate } from './ground.ts'

export interface CameraOptions {
  readonly fence: readonly XY[]
  readonly fenceLengthM: number
  readonly gates: readonly GroundGate[]
  readonly lanes: readonly Lane[]
  /** Bins, lots and other things worth a look. */
  readonly spots: readonly XY[]
  /** Lanes and spots are of the level drawing; fence and gates are bent already. */
  readonly bend: Bend
  readonly count: number
}

export function placeCameras(dice: Dice, options: CameraOptions): GroundCamera[] {
  const gates = options.gates.flatMap((gate) => atGate(options, gate))
  const fence = alongFence(options, Math.min(Math.round(options.fenceLengthM / 50), Math.floor(options.count * 0.45)))
  const ground = dice.shuffle(
    [...atCrossings(options.lanes), ...atSpots(options), ...alongLanes(options.lanes)].map((camera) => bent(camera, options.bend)),
  )
  return [...gates, ...fence, ...ground].slice(0, options.count)
}

const normal = (degrees: number) => Math.round(((degrees % 360) + 360) % 360) % 360

function bent(camera: GroundCamera, bend: Bend): GroundCamera {
  const [at] = bend.rigid([camera.at])
  return { ...camera, at: at!, bearingDeg: normal(camera.bearingDeg + bend.turnedDeg(camera.at)) }
}

/** Steps from a point on the fence inwards: the fence runs clockwise, so the ground is on its right. */
function inwards(from: XY, alongDeg: number, metres: number): XY {
  const inDeg = ((alongDeg + 90) * Math.PI) / 180
  return { x: from.x + Math.sin(inDeg) * metres, y: from.y + Math.cos(inDeg) * metres }
}

function atGate({ fence, gates }: CameraOptions, gate: GroundGate): GroundCamera[] {
  const [near, far] = openingEnds(fence, gate, gates)
  // The opening at 0 m is crossed from the line's end to its start, all others onwards.
  const alongDeg = bearingDeg(near, far)
  const middle = { x: (near.x + far.x) / 2, y: (near.y + far.y) / 2 }
  return [
    { at: inwards(near, alongDeg, 6), bearingDeg: normal(alongDeg - 90 + 20), tag: 'gate' },
    { at: inwards(far, alongDeg, 6), bearingDeg: normal(alongDeg - 90 - 20), tag: 'gate' },
    { at: inwards(middle, alongDeg, 12), bearingDeg: normal(alongDeg - 90), tag: 'gate' },
  ]
}

function alongFence({ fence, fenceLengthM, gates }: CameraOptions, count: number): GroundCamera[] {
  return Array.from({ length: count }, (_, i) => {
    const alongM = lineDistanceM(((i + 0.5) * fenceLengthM) / count, gates)
    const alongDeg = bearingDeg(pointAlong(fence, alongM - 0.5), pointAlong(fence, alongM + 0.5))
    const looks = i % 2 === 0 ? alongDeg + 8 : alongDeg + 180 - 8
    return { at: inwards(pointAlong(fence, alongM), alongDeg, 3.2), bearingDeg: normal(looks), tag: 'fence' }
  })
}

function atCrossings(lanes: readonly Lane[]): GroundCamera[] {
  const upright = lanes.filter(({ runs }) => runs === 'cross')
  return lanes
    .filter(({ runs }) => runs === 'row')
    .flatMap(({ box }, i) =>
      upright
        .filter((lane) => overlaps(lane.box, box, 1))
        .map((lane, j): GroundCamera => ({
          at: { x: lane.box.x0 - 1, y: box.y1 + 1 },
          bearingDeg: CROSSING_VIEWS[(i * 3 + j) % CROSSING_VIEWS.length]!,
          tag: 'ground',
        })),
    )
}

const CROSSING_VIEWS = [90, 180, 270, 90, 180, 0]

function atSpots({ spots, lanes }: CameraOptions): GroundCamera[] {
  const rows = lanes.filter(({ runs }) => runs === 'row').map(({ box }) => box)
  return spots.map((spot) => {
    const lane = nearest(rows, spot)
    const at =
      lane === undefined ? { x: spot.x - 10, y: spot.y } : { x: Math.min(lane.x1, Math.max(lane.x0, spot.x - 9)), y: lane.y0 - 0.8 }
    return { at, bearingDeg: normal(bearingDeg(at, spot)), tag: 'ground' }
  })
}

/** A second row of places for estates with many cameras: the ends and middles of the row lanes. */
function alongLanes(lanes: readonly Lane[]): GroundCamera[] {
  return lanes
    .filter(({ runs }) => runs === 'row')
    .flatMap(({ box }): GroundCamera[] => [
      { at: { x: box.x0 + 1, y: box.y0 - 0.8 }, bearingDeg: 84, tag: 'ground' },
      { at: { x: box.x1 - 1, y: box.y0 - 0.8 }, bearingDeg: 276, tag: 'ground' },
      { at: { x: (box.x0 + box.x1) / 2, y: box.y0 - 0.8 }, bearingDeg: 84, tag: 'ground' },
    ])
}

function nearest(boxes: readonly Box[], { x, y }: XY): Box | undefined {
  const away = (box: Box) => Math.hypot(Math.max(box.x0 - x, 0, x - box.x1), Math.max(box.y0 - y, 0, y - box.y1))
  return [...boxes].sort((a, b) => away(a) - away(b))[0]
}
