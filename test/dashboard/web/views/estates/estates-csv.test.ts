import { describe, expect, it } from 'vitest'
import { estatesCsv } from '../../../../../dashboard/web/views/estates/estates-csv.ts'
import { estate, NOW } from './an-estate.ts'

const lines = (text: string) => text.split('\r\n')

describe('the overview as CSV', () => {
  it('starts with a byte order mark and a head, then one line for each estate', () => {
    const csv = estatesCsv([estate('yangqu-760', { name: '阳曲路760弄', oldestUnacknowledgedAt: NOW - 42_000 })], NOW)
    expect(csv.startsWith('\ufeffid,name,p1,p1_unacknowledged,')).toBe(true)
    expect(lines(csv)[1]).toBe('yangqu-760,阳曲路760弄,0,0,0,0,0,0,42,4,4,0,0,0,0,0,0,0,0,0,0,3')
  })

  it('leaves the coverage of an estate without data empty, and keeps its alarms', () => {
    const csv = estatesCsv([estate('a', { newestReceivedAt: null, standing: { p1: 0, p2: 1, p3: 0 } })], NOW)
    expect(lines(csv)[1]).toBe('a,a,0,0,1,0,0,0,,,4,,0,,0,,0,,0,,0,')
  })

  it('quotes what needs it, and lets no name run as a formula', () => {
    const csv = estatesCsv([estate('a', { name: 'East, "old" part' }), estate('b', { name: '=SUM(A1)' })], NOW)
    expect(lines(csv)[1]).toContain('"East, ""old"" part"')
    expect(lines(csv)[2]).toContain("'=SUM(A1)")
  })
})
