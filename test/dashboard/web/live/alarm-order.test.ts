import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALARM_STATES } from '../../../../domain/alarm.ts'
import { compareAlarms, headAlarm, heldOrder, quietAlarms, standingAlarms } from '../../../../dashboard/web/live/alarm-order.ts'
import { alarm, NOW } from '../fixtures/small-estate.ts'

describe('the order of the queue', () => {
  it('goes by priority, then what nobody has taken with the longest waiting first, then the newest', () => {
    const ids = standingAlarms([
      alarm({ id: 'returned', priority: 3, state: 'returned', raisedAt: NOW - 10 }),
      alarm({ id: 'acked-old', priority: 3, state: 'acknowledged', raisedAt: NOW - 9000 }),
      alarm({ id: 'acked-new', priority: 3, state: 'acknowledged', raisedAt: NOW - 100 }),
      alarm({ id: 'wait-short', priority: 3, raisedAt: NOW - 50 }),
      alarm({ id: 'wait-long', priority: 3, raisedAt: NOW - 5000 }),
      alarm({ id: 'urgent', priority: 1, state: 'acknowledged', raisedAt: NOW - 1 }),
    ]).map(({ id }) => id)
    expect(ids).toEqual(['urgent', 'wait-long', 'wait-short', 'acked-new', 'acked-old', 'returned'])
  })

  it('is a total order: any two alarms compare the opposite way round', () => {
    const any = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      priority: fc.constantFrom(1 as const, 2 as const, 3 as const),
      state: fc.constantFrom(...ALARM_STATES),
      raisedAt: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(any, any, (a, b) => {
        if (a.id === b.id) return true
        return Math.sign(compareAlarms(alarm(a), alarm(b))) === -Math.sign(compareAlarms(alarm(b), alarm(a)))
      }),
    )
  })

  it('keeps what makes no sound apart and closed alarms away', () => {
    const list = [
      alarm({ id: 's', state: 'shelved' }),
      alarm({ id: 'x', state: 'suppressed' }),
      alarm({ id: 'c', state: 'closed' }),
      alarm({ id: 'a' }),
    ]
    expect(quietAlarms(list).map(({ id }) => id)).toEqual(['s', 'x'])
    expect(standingAlarms(list).map(({ id }) => id)).toEqual(['a'])
    expect(headAlarm(list.slice(0, 3))).toBeUndefined()
  })

  it('does not move a row under a pressed key or a pointer: new ones go last, gone ones leave', () => {
    expect(heldOrder(['a', 'b', 'c'], ['n', 'c', 'a'], true)).toEqual(['a', 'c', 'n'])
    expect(heldOrder(['a', 'b', 'c'], ['n', 'c', 'a'], false)).toEqual(['n', 'c', 'a'])
  })
})
