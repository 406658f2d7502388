import { describe, expect, it } from 'vitest'
import { planGeometry } from '../../../../dashboard/web/plan/plan-geometry.ts'
import { calmFigures } from '../../../../dashboard/web/views/desk/calm/calm-figures.ts'
import { BAR_MS, countBars } from '../../../../dashboard/web/views/desk/calm/bars.ts'
import { fenceCameras, thinCameras } from '../../../../dashboard/web/views/desk/fence/unroll.ts'
import { bayPaths, bayShapes, bayStatus } from '../../../../dashboard/web/views/desk/plan/bay-paths.ts'
import { stairwellStubs, treePath } from '../../../../dashboard/web/views/desk/plan/ground.ts'
import { alarmsByDevice, zoneLook } from '../../../../dashboard/web/views/desk/plan/zone-look.ts'
import { alarm, estate, states } from '../fixtures/small-estate.ts'

const plan = planGeometry(estate)
const bay = (part: object) => states({ 'parking-bay/bay-1': part }).get('parking-bay/bay-1')

describe('a bay on the plan', () => {
  it.each([
    ['occupied', { reading: { status: 'occupied' } }, 'taken'],
    ['free', { reading: { status: 'free' } }, 'free'],
    ['closed', { reading: { status: 'closed' } }, 'closed'],
    ['never heard', { status: 'unknown', reading: null }, 'unknown'],
    ['silent too long, though it was free', { status: 'stale', reading: { status: 'free' } }, 'unknown'],
    ['offline', { status: 'offline', reading: { status: 'free' } }, 'unknown'],
    ['heard without a status', { reading: { battery_percent: 80 } }, 'unknown'],
  ])('that is %s is drawn as what is known of it', (_, part, look) => {
    expect(bayStatus(bay(part), true)).toBe(look)
  })

  it('is never drawn free on a cut screen', () => {
    expect(bayStatus(bay({}), false)).toBe('unknown')
    const paths = bayPaths(bayShapes(plan), states(), false)
    expect(paths.free).toBe('')
    expect(paths.unknown.match(/M/g)).toHaveLength(2)
  })
})

describe('a fence zone on the plan', () => {
  const state = (part: object = {}) => states({ 'fence-zone/zone-2': part }).get('fence-zone/zone-2')
  const look = (part: object, alarms = [] as ReturnType<typeof alarm>[], live = true) => zoneLook(state(part), { alarms, live })

  it('is normal, disarmed or unknown', () => {
    expect(look({}).line).toBe('normal')
    expect(look({ reading: { armed: false } }).line).toBe('disarmed')
    expect(look({ status: 'stale' }).line).toBe('unknown')
    expect(look({}, [], false).line).toBe('unknown')
  })

  it('bears the most urgent alarm whose cause is there, not one that went away', () => {
    const alarms = [
      alarm({ id: 'a', priority: 3 }),
      alarm({ id: 'b', priority: 2, state: 'acknowledged' }),
      alarm({ id: 'c', state: 'latched' }),
    ]
    expect(look({}, alarms).priority).toBe(2)
    expect(look({}, [alarm({ id: 'c', state: 'latched' })]).priority).toBeUndefined()
    expect(alarmsByDevice(alarms).get('fence-zone/zone-2')).toHaveLength(3)
  })
})

describe('the unrolled fence', () => {
  it('puts the cameras that stand at it at their metre', () => {
    expect(fenceCameras(plan)).toEqual([{ id: 'cam-01', name: '摄像01', metres: 152 }])
  })

  it('leaves out cameras that would stand too close, but none that matters', () => {
    const at = (id: string, metres: number) => ({ id, name: id, metres })
    const row = [at('a', 0), at('b', 10), at('c', 40)]
    expect(thinCameras(row, { pxPerM: 1, least: 21, keep: new Set() }).map(({ id }) => id)).toEqual(['a', 'c'])
    expect(thinCameras(row, { pxPerM: 1, least: 21, keep: new Set(['b']) }).map(({ id }) => id)).toEqual(['b', 'c'])
  })
})

describe('what proves a calm', () => {
  it('counts only what is heard and well', () => {
    const figures = calmFigures(
      estate,
      states({
        'fence-zone/zone-1': { reading: { armed: true, state: 'cut', voltage_kv: 0 } },
        'parking-bay/bay-2': { reading: { status: 'occupied' } },
        'parking-bay/bay-1': { status: 'stale' },
      }),
    )
    expect(figures).toEqual({
      zones: { have: 2, of: 3, leastKv: 6.4, mostKv: 6.4 },
      bays: { taken: 0, free: 0, closed: 0 },
      lanes: { clear: 0, of: 1 },
      people: { of: 9, missing: 0 },
    })
  })

  it('counts devices that nobody answers for', () => {
    expect(calmFigures({ ...estate, duties: [] }, states()).people).toEqual({ of: 9, missing: 9 })
  })
})

describe('the alarms of the last hours', () => {
  it('are counted by the quarter of an hour, the running one last', () => {
    const now = 100 * BAR_MS + 5
    expect(countBars([now, now - 1, 99 * BAR_MS, 98 * BAR_MS - 1, 0, now + BAR_MS], { now, bars: 4 })).toEqual([1, 0, 1, 2])
  })
})

describe('the ground', () => {
  it('plants the same trees each time, and none on a house', () => {
    const trees = treePath(plan)
    expect(treePath(planGeometry(estate))).toBe(trees)
    expect(trees.length).toBeGreaterThan(1000)
  })

  it('draws one entrance for each stairwell', () => {
    expect(stairwellStubs(plan.blocks[0]!.ring, 5).match(/M/g)).toHaveLength(5)
  })
})
