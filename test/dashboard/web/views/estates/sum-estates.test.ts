import { describe, expect, it } from 'vitest'
import { isBelowTarget, sumEstates } from '../../../../../dashboard/web/views/estates/sum-estates.ts'
import { estate, NOW } from './an-estate.ts'

describe('the sums of the overview', () => {
  it('adds alarms up, and counts estates with data', () => {
    const sums = sumEstates(
      [
        estate('a', { standing: { p1: 1, p2: 2, p3: 3 }, unacknowledged: { p1: 1, p2: 0, p3: 0 } }),
        estate('b', { standing: { p1: 1, p2: 0, p3: 1 }, newestReceivedAt: null }),
      ],
      NOW,
    )
    expect(sums.standing).toEqual({ p1: 2, p2: 2, p3: 4 })
    expect(sums.unacknowledged).toEqual({ p1: 1, p2: 0, p3: 0 })
    expect([sums.withData, sums.estates]).toEqual([1, 2])
  })

  it('counts no device of an estate without data as seen', () => {
    expect(sumEstates([estate('a'), estate('b', { newestReceivedAt: null })], NOW).devices).toEqual({ camera: { online: 4, total: 8 } })
  })

  it('adds fences up in metres, not in zones', () => {
    const fence = { devices: { 'fence-zone': { total: 11, online: 11 } }, fenceM: { total: 1100, watched: 1000 } }
    expect(sumEstates([estate('a', fence), estate('b', { ...fence, newestReceivedAt: null })], NOW).devices).toEqual({
      'fence-zone': { online: 1000, total: 2200 },
    })
  })

  it.each([
    ['camera', 62, 64, true],
    ['camera', 64, 64, false],
    ['parking-bay', 252, 260, false],
    ['parking-bay', 240, 260, true],
    ['elevator', 11, 12, true],
    ['camera', 0, 0, false],
  ])('%s %i of %i stands out: %s', (kind, online, total, expected) => {
    expect(isBelowTarget(kind, { online, total })).toBe(expected)
  })
})
