/** The devices of a drawn ground, with their names, and the boxes they are behind. */
import type { EstateDevice } from '../../domain/estate.ts'
import { centroid, distanceM, type XY } from '../../domain/geometry.ts'
import type { Ground, GroundBlock, GroundLift } from './ground.ts'
import type { Placing } from './placing.ts'

/** A radio concentrator hears so many bay sensors. */
const BAYS_PER_GATEWAY = 100
const LIFT_BEFORE_M = 1.2

export function devicesOf(ground: Ground, placing: Placing): EstateDevice[] {
  const cameras = camerasOf(ground, placing)
  const bays = baysOf(ground, placing)
  const lifts = ground.lifts.filter(({ stage }) => stage === 'in-service').map((lift) => liftOf(ground, lift, placing))
  return [...gatewaysOf(ground, placing), ...zonesOf(ground), ...cameras, ...lifts, ...bays]
}

const two = (n: number) => String(n).padStart(2, '0')
const three = (n: number) => String(n).padStart(3, '0')
const middleY = (ground: Ground) => centroid(ground.fence).y
const cameraGateway = (ground: Ground, { y }: XY) => (y > middleY(ground) ? 'gw-cam-north' : 'gw-cam-south')
const bayGateway = (i: number) => `gw-park-${Math.floor(i / BAYS_PER_GATEWAY) + 1}`

function gatewaysOf(ground: Ground, placing: Placing): EstateDevice[] {
  const box = (id: string, names: readonly [string, string], at: XY): EstateDevice => ({
    id,
    kind: 'gateway',
    name: names[0],
    nameEn: names[1],
    site: { position: placing.position(at) },
  })
  const gate = ground.fence[0]!
  const guardBox = { x: gate.x + 10, y: gate.y + 6 }
  const parks = Array.from({ length: Math.ceil(ground.bays.length / BAYS_PER_GATEWAY) }, (_, i) => {
    const served = ground.bays.slice(i * BAYS_PER_GATEWAY, (i + 1) * BAYS_PER_GATEWAY)
    return box(
      bayGateway(i * BAYS_PER_GATEWAY),
      [`车位网关${i + 1}`, `Parking box ${i + 1}`],
      centroid(served.map(({ ring }) => centroid(ring))),
    )
  })
  const half = (id: string) => centroid(ground.cameras.map(({ at }) => at).filter((at) => cameraGateway(ground, at) === id))
  const lifts = ground.lifts
    .filter(({ stage }) => stage === 'in-service')
    .map((lift) =>
      box(`gw-${liftId(lift)}`, [`${liftName(ground, lift)[0]}盒子`, `${liftName(ground, lift)[1]} box`], liftAt(ground, lift)),
    )
  return [
    box('gw-fence', ['围栏网关', 'Fence box'], guardBox),
    box('gw-cam-north', ['摄像网关北', 'Camera box north'], half('gw-cam-north')),
    box('gw-cam-south', ['摄像网关南', 'Camera box south'], half('gw-cam-south')),
    ...parks,
    ...lifts,
  ]
}

function zonesOf({ zones }: Ground): EstateDevice[] {
  return zones.map(({ fromM, toM }, i) => ({
    id: `zone-${i + 1}`,
    kind: 'fence-zone',
    name: `第${i + 1}防区`,
    nameEn: `Zone ${i + 1}`,
    gateway: 'gw-fence',
    site: { fromM, toM },
  }))
}

function camerasOf(ground: Ground, placing: Placing): EstateDevice[] {
  return ground.cameras.map(({ at, bearingDeg, tag }, i) => ({
    id: `cam-${two(i + 1)}`,
    kind: 'camera',
    name: `摄像${two(i + 1)}`,
    nameEn: `Cam ${two(i + 1)}`,
    gateway: cameraGateway(ground, at),
    tags: [tag],
    site: { position: placing.position(at), bearingDeg: placing.bearing(bearingDeg), fovDeg: 60, rangeM: 46 },
  }))
}

function baysOf({ bays }: Ground, placing: Placing): EstateDevice[] {
  const count = { 'fire-lane': 0, green: 0 }
  return bays.map(({ use, ring }, i) => {
    const nth = use === 'bay' ? i + 1 : ++count[use]
    const [name, nameEn] = {
      bay: [`车位${three(nth)}`, `Bay ${three(nth)}`] as const,
      'fire-lane': [`消防通道${nth}`, `Fire lane ${nth}`] as const,
      green: [`绿地${nth}`, `Green ${nth}`] as const,
    }[use]
    return {
      id: `bay-${three(i + 1)}`,
      kind: 'parking-bay',
      name,
      nameEn,
      gateway: bayGateway(i),
      site: { area: placing.polygon(ring), use },
    }
  })
}

const liftId = ({ block, stairwell }: GroundLift) => `lift-${block}-${stairwell}`

/** The block's number alone where it has one lift. */
function liftName({ lifts }: Ground, { block, stairwell }: GroundLift): readonly [string, string] {
  const alone = lifts.filter((lift) => lift.block === block).length === 1
  return alone ? [`${block}号梯`, `Lift ${block}`] : [`${block}号${stairwell}门梯`, `Lift ${block}-${stairwell}`]
}

/** A retrofit shaft stands before its stairwell: on the north face, on the east face of a house that stands across the rows. */
function liftAt({ blocks }: Ground, { block, stairwell }: GroundLift): XY {
  const { entrances, stairwells } = blockOf(blocks, block)
  const [from, to] = entrances
  const along = (stairwell - 0.5) / stairwells
  const out = LIFT_BEFORE_M / distanceM(from, to)
  return {
    x: from.x + (to.x - from.x) * along - (to.y - from.y) * out,
    y: from.y + (to.y - from.y) * along + (to.x - from.x) * out,
  }
}

function blockOf(blocks: readonly GroundBlock[], number: number): GroundBlock {
  const block = blocks.find((known) => known.number === number)
  if (block === undefined) throw new RangeError(`no block ${number} on this ground`)
  return block
}

function liftOf(ground: Ground, lift: GroundLift, placing: Placing): EstateDevice {
  const [name, nameEn] = liftName(ground, lift)
  const { storeys } = blockOf(ground.blocks, lift.block)
  return {
    id: liftId(lift),
    kind: 'elevator',
    name,
    nameEn,
    gateway: `gw-${liftId(lift)}`,
    site: {
      position: placing.position(liftAt(ground, lift)),
      block: `block-${lift.block}`,
      floors: Array.from({ length: storeys }, (_, i) => i + 1),
      floorHeightM: 2.9,
    },
  }
}
