/** A drawn ground → the estate of its file: turned, put on the globe, its devices named, each behind a gateway and each with people who answer for it. */
import type { Estate, EstateDevice } from '../../domain/estate.ts'
import type { Feature, Position } from '../../domain/geojson.ts'
import { openingEnds } from '../../domain/geometry.ts'
import { devicesOf } from './devices-of.ts'
import type { Ground } from './ground.ts'
import { duties, people } from './people.ts'
import { placingOf, type Placing } from './placing.ts'

export interface EstateHead {
  readonly id: string
  readonly name: string
  readonly nameEn: string
  readonly note: string
  readonly bearingDeg: number
  /** Where the drawing's 0, 0 lies. */
  readonly origin: Position
}

export function toEstate(ground: Ground, head: EstateHead): Estate {
  const placing = placingOf(head)
  const line = ground.fence.map((point) => placing.position(point))
  const devices: EstateDevice[] = devicesOf(ground, placing)
  return {
    id: head.id,
    name: head.name,
    nameEn: head.nameEn,
    note: head.note,
    bearingDeg: head.bearingDeg,
    plan: { type: 'FeatureCollection', features: featuresOf(ground, placing) },
    fence: {
      lengthM: ground.fenceLengthM,
      openings: ground.gates.map(({ id, name, chainageM, widthM }) => ({ gate: id, name: name.zh, nameEn: name.en, chainageM, widthM })),
      line: { type: 'LineString', coordinates: line },
    },
    blocks: ground.blocks.map(({ number, storeys, stairwells, ring }) => ({
      id: `block-${number}`,
      name: `${number}号`,
      storeys,
      stairwells,
      outline: placing.polygon(ring),
    })),
    lifts: ground.lifts.map(({ block, stairwell, stage }) => {
      const id = `lift-${block}-${stairwell}`
      return { id, block: `block-${block}`, stage, ...(stage === 'in-service' ? { device: id } : {}) }
    }),
    people,
    duties: duties(devices),
    devices,
  }
}

function featuresOf(ground: Ground, placing: Placing): Feature[] {
  const fence = [...ground.fence]
  return [
    // Anticlockwise, as RFC 7946 wants outer rings; the fence runs clockwise.
    { type: 'Feature', properties: { kind: 'boundary' }, geometry: placing.polygon(fence.reverse()) },
    ...ground.gates.map((gate): Feature => {
      const [near, far] = openingEnds(ground.fence, gate, ground.gates)
      return {
        type: 'Feature',
        properties: { kind: 'gate', id: gate.id, name: gate.name.zh, nameEn: gate.name.en, chainageM: gate.chainageM },
        geometry: { type: 'LineString', coordinates: [placing.position(near), placing.position(far)] },
      }
    }),
    ...ground.features.map(({ kind, id, name, fire, ring }): Feature => ({
      type: 'Feature',
      properties: { kind, id, ...(name === undefined ? {} : { name: name.zh, nameEn: name.en }), ...(fire === undefined ? {} : { fire }) },
      geometry: placing.polygon(ring),
    })),
  ]
}
