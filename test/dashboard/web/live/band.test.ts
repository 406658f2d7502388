import { describe, expect, it } from 'vitest'
import { chooseBand } from '../../../../dashboard/web/live/band.ts'
import { alarm, NOW } from '../fixtures/small-estate.ts'

const health = { tickAt: NOW - 300, engineAt: NOW - 400, behind: 0, storeLagMs: 500 }
const base = { connection: 'live', health, alarms: [], now: NOW } as const

describe('the headline band', () => {
  it('says that it is loading until the first heartbeat, never that all is calm', () => {
    expect(chooseBand({ ...base, connection: 'connecting' }).what).toBe('loading')
    expect(chooseBand({ ...base, health: undefined }).what).toBe('loading')
  })

  it('puts the lost line above everything', () => {
    expect(chooseBand({ ...base, connection: 'lost', alarms: [alarm({ id: 'a' })] }).what).toBe('lost')
  })

  it.each([
    ['engine', { ...health, engineAt: NOW - 5001 }],
    ['broker', { ...health, engineAt: NOW - 9000, tickAt: NOW - 8000 }],
    ['server', { ...health, engineAt: NOW - 60_000, behind: 40_000 }],
    ['broker', { ...health, engineAt: null, tickAt: null }],
  ])('names the %s when the last tick of the engine is older than 5 s', (part, behind) => {
    expect(chooseBand({ ...base, health: behind })).toMatchObject({ what: 'stopped', part })
  })

  it('still holds the unacknowledged alarm while the engine is stopped, so that it can be acknowledged', () => {
    const choice = chooseBand({ ...base, health: { ...health, engineAt: NOW - 9000 }, alarms: [alarm({ id: 'a' })] })
    expect(choice).toMatchObject({ what: 'stopped', alarm: { id: 'a' } })
  })

  it('shows the unacknowledged alarm of the highest priority, the oldest first, and how many more are urgent', () => {
    const alarms = [
      alarm({ id: 'p2', priority: 2, raisedAt: NOW - 900_000 }),
      alarm({ id: 'new', raisedAt: NOW - 1000 }),
      alarm({ id: 'old', raisedAt: NOW - 5000 }),
      alarm({ id: 'taken', state: 'acknowledged', raisedAt: NOW - 9000 }),
      alarm({ id: 'shelved', state: 'shelved' }),
    ]
    expect(chooseBand({ ...base, alarms })).toMatchObject({ what: 'alarm', alarm: { id: 'old' }, alsoUrgent: 1 })
  })

  it('is calm with the number of alarms that somebody has in hand', () => {
    expect(chooseBand({ ...base, alarms: [alarm({ id: 'a', state: 'acknowledged' })] })).toEqual({ what: 'calm', standing: 1 })
    expect(chooseBand(base)).toEqual({ what: 'calm', standing: 0 })
  })
})
