import { expect, test } from 'vitest'
import { createAlarmBoard } from '../../../../dashboard/server/live/alarm-board.ts'
import { alarm } from './sample-alarm.ts'

test('a repeated or older transition changes nothing, also after the alarm is closed', () => {
  const board = createAlarmBoard()
  expect(board.apply(alarm())).toBe(true)
  expect(board.apply(alarm())).toBe(false)
  expect(board.apply(alarm({ transition: 2, state: 'acknowledged' }))).toBe(true)
  expect(board.apply(alarm({ transition: 1 }))).toBe(false)
  expect(board.apply(alarm({ transition: 3, state: 'closed' }))).toBe(true)
  expect(board.find('a-1')).toBeUndefined()
  expect(board.apply(alarm({ transition: 2, state: 'acknowledged' }))).toBe(false)
  expect(board.of('e')).toEqual([])
})

test('an estate counts its standing and unacknowledged alarms by priority, and shows those of the system too', () => {
  const board = createAlarmBoard()
  board.apply(alarm())
  board.apply(alarm({ id: 'a-2', raisedAt: 50, priority: 2 }))
  board.apply(alarm({ id: 'a-3', state: 'acknowledged', priority: 2 }))
  board.apply(alarm({ id: 'a-4', state: 'suppressed', priority: 3 }))
  board.apply(alarm({ id: 'a-5', estate: 'f' }))
  board.apply(alarm({ id: 'a-6', estate: 'system', kind: 'system', code: 'disk-low', raisedAt: 200 }))
  expect(board.count('e')).toEqual({
    standing: { p1: 1, p2: 2, p3: 0 },
    unacknowledged: { p1: 1, p2: 1, p3: 0 },
    oldestUnacknowledgedAt: 50,
  })
  expect(board.of('e').map(({ id }) => id)).toEqual(['a-6', 'a-1', 'a-3', 'a-4', 'a-2'])
})
