import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceM } from '../../../../domain/geometry.ts'
import { camerasSeeing, compass, viewCone } from '../../../../dashboard/web/plan/sight.ts'
import type { PlanCamera } from '../../../../dashboard/web/plan/plan-geometry.ts'

const camera = (part: Partial<PlanCamera> = {}): PlanCamera => ({
  id: 'cam-1',
  name: '摄像1',
  at: { x: 0, y: 0 },
  facingDeg: 90,
  fovDeg: 60,
  rangeM: 46,
  ...part,
})
/** A wall across the view, 20 m to the right. */
const wall = {
  ring: [
    { x: 20, y: -30 },
    { x: 22, y: -30 },
    { x: 22, y: 30 },
    { x: 20, y: 30 },
    { x: 20, y: -30 },
  ],
}

describe('who sees it', () => {
  it.each([
    ['straight ahead', { x: 30, y: 0 }, true],
    ['at the edge of the angle', { x: 30, y: 17 }, true],
    ['outside the angle', { x: 30, y: 20 }, false],
    ['behind the lens', { x: -10, y: 0 }, false],
    ['beyond the range', { x: 47, y: 0 }, false],
  ])('judges a point %s', (_, point, seen) => {
    expect(camerasSeeing(point, [camera()], [])).toHaveLength(seen ? 1 : 0)
  })

  it('sees nothing behind a house and everything before it', () => {
    expect(camerasSeeing({ x: 30, y: 0 }, [camera()], [wall])).toEqual([])
    expect(camerasSeeing({ x: 19, y: 0 }, [camera()], [wall])).toHaveLength(1)
  })

  it('gives the nearest camera first, with whole metres', () => {
    const far = camera({ id: 'far', at: { x: -10, y: 0 } })
    expect(camerasSeeing({ x: 12.4, y: 0 }, [far, camera()], [])).toMatchObject([{ metres: 12 }, { metres: 22, camera: { id: 'far' } }])
  })

  it('looks all round with an angle of 360°', () => {
    expect(camerasSeeing({ x: -20, y: 5 }, [camera({ fovDeg: 360 })], [])).toHaveLength(1)
  })

  it('knows north over the full circle', () => {
    expect([0, 44, 46, 180, 270, 359, -90].map(compass)).toEqual(['n', 'ne', 'ne', 's', 'w', 'n', 'w'])
  })
})

describe('a view cone', () => {
  it('ends at the first house and at the range', () => {
    const cut = viewCone(camera(), [wall])
    expect(Math.max(...cut.map(({ x }) => x))).toBeCloseTo(20, 5)
    expect(Math.max(...viewCone(camera(), []).map((point) => distanceM(point, { x: 0, y: 0 })))).toBeCloseTo(46, 5)
  })

  it('never reaches beyond the range, wherever the camera stands and looks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 359 }),
        fc.integer({ min: 1, max: 360 }),
        fc.integer({ min: -15, max: 15 }),
        (facingDeg, fovDeg, y) => {
          const one = camera({ facingDeg, fovDeg, at: { x: 0, y } })
          return viewCone(one, [wall]).every((point) => distanceM(point, one.at) <= one.rangeM + 1e-6)
        },
      ),
    )
  })
})
