/** Invents many estates of one subdistrict: names from its streets, figures like theirs; the same seed gives the same estates, however many are asked for. */
import type { Estate } from '../../domain/estate.ts'
import type { Words } from '../../domain/words.ts'
import { seedOf, startRandom } from '../random.ts'
import { diceFrom, type Dice } from './dice.ts'
import { drawGround, type EstateFigures } from './draw-ground.ts'
import { toEstate } from './to-estate.ts'

const ROADS: readonly Words[] = [
  { zh: '临汾路', en: 'Linfen Road' },
  { zh: '汾西路', en: 'Fenxi Road' },
  { zh: '安业路', en: 'Anye Road' },
  { zh: '保德路', en: 'Baode Road' },
  { zh: '岭南路', en: 'Lingnan Road' },
  { zh: '场中路', en: 'Changzhong Road' },
  { zh: '阳泉路', en: 'Yangquan Road' },
  { zh: '曲沃路', en: 'Quwo Road' },
  { zh: '安泽路', en: 'Anze Road' },
  { zh: '阳城路', en: 'Yangcheng Road' },
  { zh: '景凤路', en: 'Jingfeng Road' },
  { zh: '闻喜路', en: 'Wenxi Road' },
  { zh: '阳曲路', en: 'Yangqu Road' },
]

const NOTE = 'Invented for load and for the overview: plan, place on the globe, figures and people.'

export function* inventEstates({ count, seed }: { readonly count: number; readonly seed: number }): Generator<Estate> {
  const taken = new Set<string>()
  const digits = Math.max(2, String(count).length)
  for (let i = 0; i < count; i++) {
    const dice = diceFrom(startRandom(seedOf(seed, 'estate', String(i + 1))))
    const { road, lane } = address(dice, taken)
    const figures = figuresOf(dice, road)
    const ground = firstOf(() => drawGround(dice, figures))
    yield toEstate(ground, {
      id: `linfen-${String(i + 1).padStart(digits, '0')}`,
      name: `${road.zh}${lane}弄`,
      nameEn: `${road.en} ${lane}`,
      note: NOTE,
      bearingDeg: dice.whole(-9, 12),
      // Half a kilometre apart, so that no two lie on the same ground.
      origin: [121.42 + (i % 8) * 0.0055, 31.29 + Math.floor(i / 8) * 0.005],
    })
  }
}

function firstOf<T>(attempt: () => T | undefined): T {
  for (;;) {
    const result = attempt()
    if (result !== undefined) return result
  }
}

function address(dice: Dice, taken: Set<string>): { readonly road: Words; readonly lane: number } {
  for (;;) {
    const road = dice.pick(ROADS)
    const lane = dice.whole(5, 1600)
    const name = `${road.en} ${lane}`
    if (taken.has(name)) continue
    taken.add(name)
    return { road, lane }
  }
}

function figuresOf(dice: Dice, south: Words): EstateFigures {
  const fenceLengthM = dice.whole(8, 14) * 100
  const style = dice.pick(['rows', 'angled', 'angled', 'courts', 'courts', 'points'] as const)
  return {
    fenceLengthM,
    storeys: dice.whole(5, 7),
    style,
    bowM: style !== 'courts' && dice.chance(0.4) ? Math.round(dice.between(14, 28)) : 0,
    cameras: Math.round((fenceLengthM / 100) * dice.between(4.4, 6.8)),
    mostBays: Math.round((fenceLengthM / 100) * dice.between(29, 44)),
    lifts: {
      'in-service': dice.whole(3, 11),
      'under-construction': dice.whole(0, 3),
      permitted: dice.whole(0, 2),
      signed: dice.whole(0, 8),
    },
    roads: { south, side: dice.pick(ROADS.filter((road) => road !== south)) },
  }
}
