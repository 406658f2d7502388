import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../../../../../domain/telemetry.ts'
import { bandSpans, floorPath, timeToX } from '../../../../../dashboard/web/views/device/strip.ts'

const at = (ms: number, value: number): HistoryRow => [ms, value, value, value]
const options = { from: 0, to: 100, bucketMs: 10, expectedMs: 10 }

describe('a strip', () => {
  it('joins neighbouring stretches of a band and ends it when the value falls', () => {
    expect(bandSpans([at(0, 1), at(10, 1), at(20, 0), at(30, 1)], options)).toEqual([
      { from: 0, to: 20 },
      { from: 30, to: 40 },
    ])
  })

  it('lets no band run on over a gap', () => {
    expect(bandSpans([at(0, 1), at(80, 1)], options)).toEqual([
      { from: 0, to: 10 },
      { from: 80, to: 90 },
    ])
  })

  it('steps from floor to floor, and starts anew after a gap', () => {
    const path = floorPath([at(0, 1), at(10, 2), at(80, 2)], { ...options, x: (ms) => ms, y: (floor) => 100 - floor * 10 })
    expect(path).toBe('M0 90H10V80H20M80 80H90')
  })

  it('keeps instants inside the picture', () => {
    const scale = { from: 0, to: 100, left: 20, width: 200 }
    expect([timeToX(-5, scale), timeToX(50, scale), timeToX(500, scale)]).toEqual([20, 120, 220])
  })
})
