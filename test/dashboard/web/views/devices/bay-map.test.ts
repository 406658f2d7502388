import { describe, expect, it } from 'vitest'
import type { Estate } from '../../../../../domain/estate.ts'
import { projectionAt } from '../../../../../domain/geometry.ts'
import { bayLook, countBays, layBays } from '../../../../../dashboard/web/views/devices/bay-map.ts'
import { columnsOf } from '../../../../../dashboard/web/views/devices/columns.ts'
import { findKind } from '../../../../../devices/index.ts'
import { device } from '../a-device.ts'

const projection = projectionAt([121.45, 31.31])
const square = (x: number, y: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [x, y],
      [x + 5, y],
      [x + 5, y + 2],
      [x, y + 2],
      [x, y],
    ].map(([px, py]) => projection.toPosition({ x: px!, y: py! })),
  ],
})
const bay = (id: string, x: number, use = 'bay') => ({ id, kind: 'parking-bay', name: id, site: { use, area: square(x, 0) } })
const estate = {
  id: 'e',
  bearingDeg: 0,
  blocks: [],
  devices: [bay('a', 0), bay('b', 10), bay('lane', 20, 'fire-lane')],
} as unknown as Estate

describe('the map of bays', () => {
  it('draws every bay to scale with room around them', () => {
    const map = layBays(estate)!
    expect(map.bays.map(({ id }) => id)).toEqual(['a', 'b', 'lane'])
    expect(map.bays[1]!.middle.x - map.bays[0]!.middle.x).toBeCloseTo(10, 1)
    expect(map.box.width).toBeCloseTo(37, 0)
  })

  it('is not there for an estate without bays', () => {
    expect(layBays({ ...estate, devices: [] })).toBeUndefined()
  })

  it.each([
    ['occupied', 'online', 'taken'],
    ['free', 'online', 'free'],
    ['closed', 'online', 'closed'],
    ['free', 'stale', 'unknown'],
    ['free', 'unknown', 'unknown'],
    ['occupied', 'offline', 'unknown'],
  ] as const)('draws a bay that last said %s and is %s as %s', (status, heard, look) => {
    expect(bayLook(device('a', { status: heard, reading: { status } }), false)).toBe(look)
  })

  it('never draws a bay free that has not reported, or while the screen is cut off', () => {
    expect(bayLook(undefined, false)).toBe('unknown')
    expect(bayLook(device('a', { reading: null }), false)).toBe('unknown')
    expect(bayLook(device('a', { reading: { status: 'free' } }), true)).toBe('unknown')
  })

  it('never counts a fire lane as free', () => {
    expect(countBays(layBays(estate)!.bays, () => 'free')).toEqual({ free: 2, taken: 0, closed: 0, unknown: 0 })
  })
})

describe('the columns of a list', () => {
  it('put words before yes and no before figures', () => {
    const types = columnsOf(findKind('elevator')!).map(({ field }) => field.type)
    expect(types.slice(0, 4)).toEqual(['enum', 'enum', 'enum', 'enum'])
    expect(types.lastIndexOf('boolean')).toBeLessThan(types.indexOf('number'))
  })
})
