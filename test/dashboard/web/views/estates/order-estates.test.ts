import { describe, expect, it } from 'vitest'
import type { EstateSummary } from '../../../../../domain/live.ts'
import { hasData, isCalm, NO_DATA_AFTER_MS, orderEstates } from '../../../../../dashboard/web/views/estates/order-estates.ts'
import { estate, NOW } from './an-estate.ts'

const order = (estates: readonly EstateSummary[]) => orderEstates(estates, NOW).map(({ id }) => id)

describe('the order of estates', () => {
  it('puts urgent before no data before high before low before calm', () => {
    const calm = estate('calm')
    const low = estate('low', { standing: { p1: 0, p2: 0, p3: 9 } })
    const high = estate('high', { standing: { p1: 0, p2: 1, p3: 0 } })
    const silent = estate('silent', { newestReceivedAt: NOW - NO_DATA_AFTER_MS - 1 })
    const urgent = estate('urgent', { standing: { p1: 1, p2: 0, p3: 0 } })
    expect(order([calm, low, high, silent, urgent])).toEqual(['urgent', 'silent', 'high', 'low', 'calm'])
  })

  it('puts an urgent alarm that nobody has taken before one that somebody has', () => {
    const taken = estate('taken', { standing: { p1: 2, p2: 0, p3: 0 } })
    const waiting = estate('waiting', { standing: { p1: 1, p2: 0, p3: 0 }, unacknowledged: { p1: 1, p2: 0, p3: 0 } })
    expect(order([taken, waiting])).toEqual(['waiting', 'taken'])
  })

  it('puts the one that has waited longest first among equals', () => {
    const counts = { standing: { p1: 0, p2: 0, p3: 1 }, unacknowledged: { p1: 0, p2: 0, p3: 1 } }
    const older = estate('older', { ...counts, oldestUnacknowledgedAt: NOW - 60_000 })
    const newer = estate('newer', { ...counts, oldestUnacknowledgedAt: NOW - 5_000 })
    expect(order([newer, older])).toEqual(['older', 'newer'])
  })

  it('puts the calm estate with more unseen devices first, then goes by name', () => {
    const blind = estate('b', { devices: { camera: { total: 4, online: 3 } } })
    expect(order([estate('z'), blind, estate('a')])).toEqual(['b', 'a', 'z'])
  })
})

describe('what is known of an estate', () => {
  it('knows nothing of an estate that was never heard or fell silent', () => {
    expect(hasData(estate('never', { newestReceivedAt: null }), NOW)).toBe(false)
    expect(hasData(estate('late', { newestReceivedAt: NOW - NO_DATA_AFTER_MS - 1 }), NOW)).toBe(false)
    expect(hasData(estate('fresh', { newestReceivedAt: NOW - NO_DATA_AFTER_MS }), NOW)).toBe(true)
  })

  it('misses nothing of an estate without devices', () => {
    expect(hasData(estate('empty', { devices: {}, newestReceivedAt: null }), NOW)).toBe(true)
  })

  it('never calls an estate without data calm', () => {
    expect(isCalm(estate('fine'), NOW)).toBe(true)
    expect(isCalm(estate('silent', { newestReceivedAt: null }), NOW)).toBe(false)
  })
})
