import { describe, expect, it } from 'vitest'
import { nearestGate, planGeometry } from '../../../../dashboard/web/plan/plan-geometry.ts'
import { estate } from '../fixtures/small-estate.ts'

const plan = planGeometry(estate)
const near = (point: { x: number; y: number } | undefined) => ({ x: Math.round(point?.x ?? NaN), y: Math.round(point?.y ?? NaN) })
const corner = plan.boundary[0]![0]! // (0, 0), so that the tests speak the fixture's metres
const metres = (point: { x: number; y: number } | undefined) => near(point && { x: point.x - corner.x, y: corner.y - point.y })

describe('the plan of an estate', () => {
  it('draws north upwards, so that y falls as one goes north', () => {
    expect(plan.blocks[1]!.centre.y).toBeLessThan(plan.blocks[0]!.centre.y)
  })

  it('finds a metre of the fence without counting the openings of gates', () => {
    expect(metres(plan.atChainage(0))).toEqual({ x: 46, y: 0 })
    expect(metres(plan.atChainage(46))).toEqual({ x: 0, y: 0 })
    expect(metres(plan.atChainage(86))).toEqual({ x: 0, y: 40 })
    expect(metres(plan.atChainage(100))).toEqual({ x: 0, y: 58 }) // 14 m of wire behind a gate of 4 m
    expect(metres(plan.atChainage(390))).toEqual({ x: 52, y: 0 })
  })

  it('leaves the gate open in the wire of the zone that it lies in', () => {
    const [zone] = plan.zones
    expect(zone!.pieces).toHaveLength(2)
    expect(metres(zone!.pieces[0]!.at(-1))).toEqual({ x: 0, y: 40 })
    expect(metres(zone!.pieces[1]![0])).toEqual({ x: 0, y: 44 })
  })

  it('puts the gate at 0 between the end of the line and its start', () => {
    const south = plan.gates.find(({ id }) => id === 'south')!
    expect(metres(south.centre)).toEqual({ x: 49, y: 0 })
  })

  it('names the nearest gate with whole metres', () => {
    expect(nearestGate(plan, plan.atChainage(130)!)).toMatchObject({ gate: { id: 'west' }, metres: 46 })
    expect(nearestGate({ gates: [] }, { x: 0, y: 0 })).toBeUndefined()
  })

  it('takes the bearing out, so that rows lie level and the cameras turn with them', () => {
    const turned = planGeometry({ ...estate, bearingDeg: 90 })
    expect(turned.cameras.find(({ id }) => id === 'cam-01')!.facingDeg).toBe(0)
    // What was east of the yard's middle is now up.
    expect(turned.lifts[0]!.at.x).toBeLessThan(turned.gates[0]!.centre.x + 200)
  })

  it('draws an estate without fence, plan or devices', () => {
    const { id, name, bearingDeg, lifts, people, duties } = estate
    const plan: typeof estate.plan = { type: 'FeatureCollection', features: [] }
    const empty = planGeometry({ id, name, bearingDeg, lifts, people, duties, plan, devices: [], blocks: [] })
    expect(empty.atChainage(10)).toBeUndefined()
    expect(empty.zones).toEqual([])
    expect(empty.bounds.max.x).toBeGreaterThan(empty.bounds.min.x)
  })
})
