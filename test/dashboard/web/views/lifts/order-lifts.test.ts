import { describe, expect, it } from 'vitest'
import { orderLifts, sumLifts } from '../../../../../dashboard/web/views/lifts/order-lifts.ts'
import { pipelineOf } from '../../../../../dashboard/web/views/lifts/pipeline.ts'
import { alarm, device } from '../a-device.ts'

const lift = (id: string, changes: Parameters<typeof device>[1] = {}) =>
  device(id, { kind: 'elevator', reading: { mode: 'normal', floor: 1, speed_mps: 0 }, ...changes })

describe('the order of lifts', () => {
  it('puts alarms first, then lifts not heard, then those out of normal service, then numbers as people count', () => {
    const rows = orderLifts(
      [
        lift('lift-11'),
        lift('lift-2'),
        lift('lift-9', { reading: { mode: 'inspection' } }),
        lift('lift-6', { status: 'stale' }),
        lift('lift-15'),
        lift('lift-3'),
      ],
      [alarm({ device: 'lift-15', kind: 'elevator', priority: 3 }), alarm({ device: 'lift-3', kind: 'elevator', priority: 1 })],
    )
    expect(rows.map(({ device: { id } }) => id)).toEqual(['lift-3', 'lift-15', 'lift-6', 'lift-9', 'lift-2', 'lift-11'])
  })

  it('puts an alarm nobody has taken before one of the same priority that somebody has', () => {
    const rows = orderLifts(
      [lift('a'), lift('b')],
      [alarm({ device: 'a', kind: 'elevator', state: 'acknowledged' }), alarm({ device: 'b', kind: 'elevator', state: 'unacknowledged' })],
    )
    expect(rows[0]!.device.id).toBe('b')
  })

  it('calls no lift usable that is not heard, is in inspection, or has an urgent or high alarm', () => {
    const rows = orderLifts(
      [lift('a'), lift('b', { status: 'offline' }), lift('c', { reading: { mode: 'inspection' } }), lift('d')],
      [alarm({ device: 'd', kind: 'elevator', priority: 2 })],
    )
    expect(sumLifts(rows)).toEqual({ total: 4, usable: 1, inspection: 1, unknown: 1 })
  })
})

describe('the retrofit pipeline', () => {
  it('counts each stage in the order a lift goes through them, and marks those in service that nobody has taken over', () => {
    const stages = pipelineOf([
      { id: '1', block: '7', stage: 'signed' },
      { id: '2', block: '8', stage: 'in-service' },
      { id: '3', block: '9', stage: 'signed' },
    ])
    expect(stages.map(({ stage, count }) => [stage, count])).toEqual([
      ['signed', 2],
      ['permitted', 0],
      ['under-construction', 0],
      ['in-service', 1],
      ['taken-over', 0],
    ])
    expect(stages.filter(({ isWaiting }) => isWaiting).map(({ stage }) => stage)).toEqual(['in-service'])
  })
})
