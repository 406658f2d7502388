/** Yangqu Road 760: what its file needs and its plan in metres does not hold. */
import { rectangle, type GroundBay, type GroundFeature } from './ground.ts'
import type { PlanAdditions } from './read-plan.ts'
import type { EstateHead } from './to-estate.ts'

const features: readonly GroundFeature[] = [
  { kind: 'road', id: 'road-west', name: { zh: '阳曲路', en: 'Yangqu Road' }, ring: rectangle({ x: -17, y: -18, width: 12, depth: 285 }) },
  {
    kind: 'road',
    id: 'road-south',
    name: { zh: '景凤路', en: 'Jingfeng Road' },
    ring: rectangle({ x: -5, y: -18, width: 375, depth: 12 }),
  },
  {
    kind: 'committee-house',
    id: 'committee-house',
    name: { zh: '居委会', en: "Residents' committee" },
    ring: rectangle({ x: 166, y: 112, width: 27, depth: 13 }),
  },
]

const parallel = (x: number, y: number) => rectangle({ x, y, width: 5.3, depth: 2.5 })

/** Six of the 260 sensors lie where no car may stand: four on fire lanes, two on the green. */
const watched: ReadonlyMap<number, GroundBay> = new Map<number, GroundBay>([
  [42, { use: 'fire-lane', ring: parallel(118, 127.5) }],
  [69, { use: 'fire-lane', ring: parallel(100, 245.5) }],
  [78, { use: 'fire-lane', ring: parallel(262, 127.5) }],
  [87, { use: 'fire-lane', ring: rectangle({ x: 152, y: 60, width: 2.5, depth: 5.3 }) }],
  [88, { use: 'green', ring: parallel(140, 110.5) }],
  [103, { use: 'green', ring: parallel(81, 121) }],
])

export const yangqu760Additions: PlanAdditions = { features, watched, fenceLengthM: 1100 }

export const yangqu760Head: EstateHead = {
  id: 'yangqu-760',
  name: '阳曲路760弄',
  nameEn: 'Yangqu Road 760',
  note:
    'An example. The programme published 64 cameras, 1,100 m of fence and more than 200 added bays; the plan, the place on the globe (unverified), ' +
    'the streets beside it and all people are invented. The six lifts are our assumption, so that every kind of device is seen on one desk. ' +
    'Of the 260 bay sensors six watch ground where no car may stand.',
  bearingDeg: 7,
  origin: [121.45, 31.3],
}
