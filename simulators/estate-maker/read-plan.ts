/** A plan in metres, kept as GeoJSON-like features, → a drawn ground. */
import { z } from 'zod'
import type { XY } from '../../domain/geometry.ts'
import { boxOf } from './box.ts'
import { entrancesOf, rectangle, zonesOf, type Ground, type GroundBay, type GroundFeature } from './ground.ts'

const planSchema = z.object({
  features: z.array(
    z.object({
      properties: z.looseObject({ kind: z.string(), id: z.string().optional() }),
      geometry: z.object({ type: z.string(), coordinates: z.unknown() }),
    }),
  ),
})
type PlanFeature = z.infer<typeof planSchema>['features'][number]

const pair = z.tuple([z.number(), z.number()])

/** What the plan does not hold is added: the streets outside, the committee's house, and the ground that no car may stand on. */
export interface PlanAdditions {
  readonly features: readonly GroundFeature[]
  /** By the number of the bay whose sensor watches this ground instead. */
  readonly watched: ReadonlyMap<number, GroundBay>
  readonly fenceLengthM: number
}

export function readPlan(text: string, additions: PlanAdditions): Ground {
  const { features } = planSchema.parse(JSON.parse(text))
  const of = (kind: string) => features.filter(({ properties }) => properties.kind === kind)
  const number = (feature: PlanFeature, key: string) => z.number().parse(feature.properties[key])
  const shapes = (['lane', 'green', 'pond', 'guard-box', 'bike-shed', 'bin-house'] as const).flatMap((kind) =>
    of(kind).map((feature, i): GroundFeature => {
      const { id, fire } = feature.properties
      return { kind, id: id ?? `${kind}-${i + 1}`, ...(typeof fire === 'boolean' ? { fire } : {}), ring: ringOf(feature) }
    }),
  )
  return {
    fence: ringOf(of('boundary')[0]!),
    fenceLengthM: additions.fenceLengthM,
    gates: of('gate')
      .map((gate) => ({
        id: String(gate.properties.id),
        name: GATES[String(gate.properties.id)] ?? { zh: String(gate.properties['name']), en: String(gate.properties.id) },
        chainageM: number(gate, 'chainage_m'),
        widthM: 7,
      }))
      .sort((a, b) => a.chainageM - b.chainageM),
    zones: zonesOf(additions.fenceLengthM),
    features: [...additions.features, ...shapes],
    blocks: of('block').map((block) => ({
      number: Number(String(block.properties.id).replace('block-', '')),
      storeys: number(block, 'storeys'),
      stairwells: number(block, 'stairwells'),
      ring: ringOf(block),
      entrances: entrancesOf(boxOf(ringOf(block))),
    })),
    bays: of('parking-bay').map((bay, i) => additions.watched.get(i + 1) ?? { use: 'bay', ring: ringOf(bay) }),
    cameras: of('camera').map((camera, i) => ({
      at: pointOf(camera),
      bearingDeg: number(camera, 'bearing_deg'),
      tag: 'chainage_m' in camera.properties ? 'fence' : i < 6 ? 'gate' : 'ground',
    })),
    lifts: of('elevator').map((lift) => {
      const [block, stairwell] = String(lift.properties.id).replace('lift-', '').split('-').map(Number)
      return { block: block!, stairwell: stairwell!, stage: 'in-service' }
    }),
  }
}

const GATES: Readonly<Record<string, { zh: string; en: string }>> = {
  'gate-south': { zh: '南门', en: 'South gate' },
  'gate-west': { zh: '西门', en: 'West gate' },
}

function pointOf({ geometry }: PlanFeature): XY {
  const [x, y] = pair.parse(geometry.coordinates)
  return { x, y }
}

/** Bin houses are points in the plan: 5 m by 3.6 m around them. */
function ringOf(feature: PlanFeature): XY[] {
  if (feature.geometry.type === 'Point') {
    const { x, y } = pointOf(feature)
    return rectangle({ x: x - 2.5, y: y - 1.8, width: 5, depth: 3.6 })
  }
  const [ring] = z.array(z.array(pair)).parse(feature.geometry.coordinates)
  return ring!.slice(0, -1).map(([x, y]) => ({ x, y }))
}
