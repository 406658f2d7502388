import { beforeEach, describe, expect, it } from 'vitest'
import type { Estate } from '../../../../../domain/estate.ts'
import { findKind } from '../../../../../devices/index.ts'
import { language } from '../../../../../dashboard/web/i18n/language.ts'
import { chartFields } from '../../../../../dashboard/web/views/device/chart-fields.ts'
import { historyPath } from '../../../../../dashboard/web/views/device/history-path.ts'
import { mergeAlarms } from '../../../../../dashboard/web/views/device/merge-alarms.ts'
import { placeText } from '../../../../../dashboard/web/views/device/place-text.ts'
import { words } from '../../../../../dashboard/web/views/device/words.ts'
import { liftCaption, liftState } from '../../../../../dashboard/web/views/lifts/caption.ts'
import { orderLifts } from '../../../../../dashboard/web/views/lifts/order-lifts.ts'
import { words as liftWords } from '../../../../../dashboard/web/views/lifts/words.ts'
import { alarm, device } from '../a-device.ts'

beforeEach(() => {
  language.value = 'zh'
})

describe("a device's page", () => {
  it('draws numbers and yes or no, and no words', () => {
    const names = chartFields(findKind('camera')!).map(({ name }) => name)
    expect(names).toContain('recording')
    expect(names).toContain('fps')
    expect(names).not.toContain('video')
  })

  it('asks for its history in one call', () => {
    const path = historyPath(
      { estate: 'e', kind: 'camera', device: 'cam-1' },
      { fields: ['fps', 'recording'], from: 1, to: 2, points: 300 },
    )
    expect(path).toBe('/estates/e/camera/cam-1/history?fields=fps%2Crecording&from=1&to=2&points=300')
  })

  it('keeps the later transition of an alarm, the newest alarm first', () => {
    const [old, late, other] = [alarm({ id: 'a', transition: 1 }), alarm({ id: 'a', transition: 2 }), alarm({ id: 'b', raisedAt: 9e12 })]
    expect(mergeAlarms([late, other], [old])).toEqual([other, late])
  })

  it.each([
    ['fence-zone', { fromM: 400, toM: 500 }, '围栏 400–500 m'],
    ['elevator', { block: 'b7', floors: [1, 2, 3], floorHeightM: 3 }, '7号楼 · 1–3 层'],
    ['parking-bay', { use: 'fire-lane' }, '消防通道，不许停'],
    ['camera', { bearingDeg: 288.6, fovDeg: 60, rangeM: 46 }, '朝 289°，视角 60°，看 46 m'],
    ['gateway', {}, '后面有 1 个设备'],
  ])('says where a %s is', (kind, site, text) => {
    const place = { id: 'x', kind, name: 'x', site }
    const estate = {
      blocks: [{ id: 'b7', name: '7号' }],
      devices: [{ id: 'y', kind: 'camera', name: 'y', gateway: 'x', site: {} }],
    } as unknown as Estate
    expect(placeText(place, estate, words.zh)).toBe(text)
  })
})

describe('the words under a lift', () => {
  const caption = (changes: Parameters<typeof device>[1], ...alarms: Parameters<typeof orderLifts>[1]) =>
    liftCaption(orderLifts([device('lift-1', { kind: 'elevator', ...changes })], alarms)[0]!, liftWords.zh)

  it('name what is wrong before anything else', () => {
    expect(caption({ reading: { floor: 1, mode: 'normal' } }, alarm({ kind: 'elevator', device: 'lift-1', code: 'entrapment' }))).toBe(
      '困人',
    )
  })

  it.each([
    [{ reading: { floor: 3, mode: 'normal', speed_mps: 0 } }, '停 3 层'],
    [{ reading: { floor: 3, mode: 'normal', speed_mps: 1, direction: 'up' } }, '上行'],
    [{ reading: { floor: 3, mode: 'inspection' } }, '检修'],
    [{ reading: { floor: 3, mode: 'normal', speed_mps: 0, in_door_zone: false } }, '层间'],
    [{ reading: { floor: 3 }, status: 'stale' as const }, '失联'],
    [{ reading: null, status: 'unknown' as const }, '从未'],
    [{ reading: { mode: 'normal' } }, '不明'],
  ])('%j say %s', (changes, text) => {
    expect(caption(changes)).toBe(text)
  })

  it('tell what only the drawing shows', () => {
    const row = orderLifts([device('l', { kind: 'elevator', reading: { floor: 2, door: 'open', passenger: true } })], [])[0]!
    expect(liftState(row.car, liftWords.zh)).toBe('停 2 层, 门开着, 有人')
    const lost = orderLifts([device('l', { kind: 'elevator', status: 'offline', reading: { floor: 4 } })], [])[0]!
    expect(liftState(lost.car, liftWords.zh)).toBe('最后在 4 层')
  })
})
