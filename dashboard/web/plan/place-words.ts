/** A place in words: `12号楼北侧`, `N of block 12`; which cameras see it; which gate is near. */
import { language, nameOf } from '../i18n/language.ts'
import { defineWords } from '../i18n/words.ts'
import type { Place, Side } from './place.ts'
import { compass, type Compass } from './sight.ts'

export const placeWords = defineWords(
  {
    side: { n: '北侧', e: '东侧', s: '南侧', w: '西侧' } satisfies Record<Side, string>,
    looks: { n: '朝北', ne: '朝东北', e: '朝东', se: '朝东南', s: '朝南', sw: '朝西南', w: '朝西', nw: '朝西北' } satisfies Record<
      Compass,
      string
    >,
    block: (number: string, name: string) => (name.endsWith('号') ? `${name}楼` : name || number),
    at: (block: string, side: string) => `${block}${side}`,
    seen: (cameras: string) => `摄像 ${cameras} 看得见`,
    unseen: '没有摄像看得见',
    gate: (name: string, metres: number) => `最近${name} ${metres} m`,
    and: '、',
  },
  {
    side: { n: 'N of', e: 'E of', s: 'S of', w: 'W of' },
    looks: {
      n: 'looks N',
      ne: 'looks NE',
      e: 'looks E',
      se: 'looks SE',
      s: 'looks S',
      sw: 'looks SW',
      w: 'looks W',
      nw: 'looks NW',
    },
    block: (number, name) => (number === '' ? name : `block ${number}`),
    at: (block, side) => `${side} ${block}`,
    seen: (cameras) => `cameras ${cameras} see it`,
    unseen: 'no camera sees it',
    gate: (name, metres) => `${name} ${metres} m`,
    and: ', ',
  },
)

const words = () => placeWords[language.value]
const leadingNumber = (name: string) => /\d+/.exec(name)?.[0] ?? ''

/** The block and the side; undefined where no house is near. */
export function whereText({ block, side }: Pick<Place, 'block' | 'side'>): string | undefined {
  if (!block) return undefined
  const name = words().block(leadingNumber(block.name), block.name)
  return side ? words().at(name, words().side[side]) : name
}

/** `摄像 15、16 看得见`, at most three. */
export function seenText({ seenBy }: Pick<Place, 'seenBy'>): string {
  if (seenBy.length === 0) return words().unseen
  return words().seen(
    seenBy
      .slice(0, 3)
      .map(({ camera }) => shortCamera(camera.name))
      .join(words().and),
  )
}

/** `摄像15` → `15`: on the plan and in a list the number is enough. */
export function shortCamera(name: string): string {
  return /\d+$/.exec(name)?.[0] ?? name
}

/** Where a camera looks, by true compass. */
export function looksText(facingDeg: number, bearingDeg: number): string {
  return words().looks[compass(facingDeg + bearingDeg)]
}

export function gateText({ gate, metres }: NonNullable<Place['gate']>): string {
  return words().gate(nameOf(gate), metres)
}
