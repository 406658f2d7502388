import { afterEach, describe, expect, it } from 'vitest'
import { language } from '../../../../dashboard/web/i18n/language.ts'
import { placeOf, pointOf } from '../../../../dashboard/web/plan/place.ts'
import { gateText, looksText, seenText, shortCamera, whereText } from '../../../../dashboard/web/plan/place-words.ts'
import { planGeometry } from '../../../../dashboard/web/plan/plan-geometry.ts'
import { alarm, estate } from '../fixtures/small-estate.ts'

const plan = planGeometry(estate)
const cutAt = (chainage_m: number) => alarm({ id: 'a', detail: { chainage_m } })
afterEach(() => void (language.value = 'zh'))

describe('where an alarm is', () => {
  it('says the house, its side and the cameras for a metre of the fence', () => {
    const place = placeOf(cutAt(172), estate, plan) // (30, 100): north of block 2, in front of camera 1
    expect(whereText(place)).toBe('2号楼北侧')
    expect(place.seenBy.map(({ camera }) => camera.id)).toEqual(['cam-01'])
    expect(seenText(place)).toBe('摄像 01 看得见')
    expect(gateText(place.gate!)).toMatch(/^最近西门 \d+ m$/)
  })

  it('says that no camera sees it rather than nothing', () => {
    expect(seenText(placeOf(cutAt(20), estate, plan))).toBe('没有摄像看得见')
  })

  it('takes the middle of the zone when the metre is not known', () => {
    expect(pointOf(alarm({ id: 'a' }), estate, plan)).toEqual(plan.atChainage(150))
  })

  it('gives a lift its own house, without a side', () => {
    const place = placeOf(alarm({ id: 'a', kind: 'elevator', device: 'lift-1', code: 'entrapment' }), estate, plan)
    expect(whereText(place)).toBe('1号楼')
  })

  it('does not name a camera as the witness of its own fault', () => {
    const place = placeOf(alarm({ id: 'a', kind: 'camera', device: 'cam-02', code: 'covered' }), estate, plan)
    expect(place.seenBy.map(({ camera }) => camera.id)).not.toContain('cam-02')
  })

  it('stands nowhere for a fault of our own', () => {
    const place = placeOf(alarm({ id: 'a', kind: 'system', device: 'store', code: 'store-down' }), estate, plan)
    expect(place).toMatchObject({ at: undefined, seenBy: [], gate: undefined })
    expect(whereText(place)).toBeUndefined()
  })

  it('speaks English the short way', () => {
    language.value = 'en'
    const place = placeOf(cutAt(172), estate, plan)
    expect(whereText(place)).toBe('N of block 2')
    expect(gateText(place.gate!)).toMatch(/^West gate \d+ m$/)
    expect(looksText(83, 7)).toBe('looks E')
    expect(shortCamera('Cam 31')).toBe('31')
  })
})
