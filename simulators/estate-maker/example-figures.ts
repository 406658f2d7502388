/** The figures of the two example estates whose plans are invented: the lifts are the programme's, all else is ours. */
import { diceFrom } from './dice.ts'
import { seedOf, startRandom } from '../random.ts'
import { drawGround, type EstateFigures } from './draw-ground.ts'
import type { EstateHead } from './to-estate.ts'

interface Example {
  readonly head: EstateHead
  readonly figures: EstateFigures
  readonly seed: number
}

const INVENTED = 'Its plan, its place on the globe (unverified), its cameras, fence and bays and all people are invented.'

export const yangqu: Example = {
  seed: 3,
  head: {
    id: 'yangqu',
    name: '阳曲小区',
    nameEn: 'Yangqu estate',
    note: `An example. The programme published its retrofit lifts: 2 in service, 3 under construction, 1 permitted, 10 signed. ${INVENTED}`,
    bearingDeg: 4,
    origin: [121.4462, 31.3041],
  },
  figures: {
    fenceLengthM: 800,
    storeys: 6,
    style: 'rows',
    bowM: 0,
    cameras: 48,
    mostBays: 143,
    lifts: { 'in-service': 2, 'under-construction': 3, permitted: 1, signed: 10 },
    roads: { south: { zh: '汾西路', en: 'Fenxi Road' }, side: { zh: '阳曲路', en: 'Yangqu Road' } },
  },
}

export const wenxi251: Example = {
  seed: 5,
  head: {
    id: 'wenxi-251',
    name: '闻喜路251弄',
    nameEn: 'Wenxi Road 251',
    note: `An example. The programme published its retrofit lifts: 25 signed, 5 of them in service. ${INVENTED}`,
    bearingDeg: -6,
    origin: [121.4421, 31.2987],
  },
  figures: {
    fenceLengthM: 1000,
    storeys: 6,
    style: 'rows',
    bowM: 0,
    cameras: 56,
    mostBays: 182,
    lifts: { 'in-service': 5, signed: 20 },
    roads: { south: { zh: '闻喜路', en: 'Wenxi Road' }, side: { zh: '岭南路', en: 'Lingnan Road' } },
  },
}

export function drawExample({ head, figures, seed }: Example) {
  const ground = drawGround(diceFrom(startRandom(seedOf(seed, head.id))), figures)
  if (ground === undefined) throw new RangeError(`the seed of ${head.id} leaves too little room: take another`)
  return ground
}
