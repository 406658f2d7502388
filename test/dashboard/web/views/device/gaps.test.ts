import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { HistoryRow } from '../../../../../domain/telemetry.ts'
import { cutAtGaps } from '../../../../../dashboard/web/views/device/gaps.ts'

const row = (at: number, value = 1): HistoryRow => [at, value, value, value]
const options = { from: 0, to: 1000, bucketMs: 10, expectedMs: 10 }

describe('a history with gaps', () => {
  it('is one run where each reading came in time', () => {
    const rows = Array.from({ length: 100 }, (_, i) => row(i * 10))
    expect(cutAtGaps(rows, options)).toEqual({ runs: [rows], gaps: [] })
  })

  it('is cut where more than twice the expected interval passed without a reading', () => {
    const rows = [row(0), row(10), row(500), row(990)]
    const { runs, gaps } = cutAtGaps(rows, options)
    expect(runs).toEqual([[row(0), row(10)], [row(500)], [row(990)]])
    expect(gaps).toEqual([
      { from: 20, to: 500 },
      { from: 510, to: 990 },
    ])
  })

  it('is not cut by the width of its buckets', () => {
    const rows = [row(0), row(10), row(30)]
    expect(cutAtGaps(rows, { ...options, to: 40 }).runs).toHaveLength(1)
  })

  it('begins and ends with a gap where the device was silent then', () => {
    expect(cutAtGaps([row(500)], options).gaps).toEqual([
      { from: 0, to: 500 },
      { from: 510, to: 1000 },
    ])
  })

  it('is nothing but a gap where nothing was heard', () => {
    expect(cutAtGaps([], options)).toEqual({ runs: [], gaps: [{ from: 0, to: 1000 }] })
  })

  it('keeps every reading, in order, and no gap covers one', () => {
    const times = fc
      .uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 50 })
      .map((list) => list.sort((a, b) => a - b).map((n) => row(n * 10)))
    fc.assert(
      fc.property(times, (rows) => {
        const { runs, gaps } = cutAtGaps(rows, options)
        expect(runs.flat()).toEqual(rows)
        for (const [at] of rows) expect(gaps.some(({ from, to }) => at >= from && at < to)).toBe(false)
      }),
    )
  })
})
