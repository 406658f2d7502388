import { describe, expect, test } from 'vitest'
import { isForeignOrigin } from '../../../dashboard/server/origin.ts'
import { judgeReadiness, type ReadinessInput } from '../../../dashboard/server/readiness.ts'
import { filterFault } from '../../../dashboard/server/topic-filters.ts'
import { ROLES } from '../../../domain/role-status.ts'

describe('origin', () => {
  test.each([
    [undefined, 'desk.lan:8080', false],
    ['http://desk.lan:8080', 'desk.lan:8080', false],
    ['http://DESK.lan:8080', 'desk.lan:8080', false],
    ['https://desk.lan', 'desk.lan', false],
    ['https://desk.lan', 'desk.lan:443', false],
    ['http://desk.lan', 'desk.lan:8080', true],
    ['http://evil.example', 'desk.lan:8080', true],
    ['null', 'desk.lan:8080', true],
    ['http://public.example', 'inner:8080', false],
  ])('%s for host %s is foreign: %s', (origin, host, foreign) => {
    expect(isForeignOrigin({ origin, host }, 'http://public.example')).toBe(foreign)
  })
})

describe('topic filters of other systems', () => {
  test.each([
    ['estates/e/ext/#', undefined],
    ['estates/e/ext/+/state', undefined],
    ['estates/e/ext', 'must begin with estates/e/ext/'],
    ['estates/f/ext/#', 'must begin with estates/e/ext/'],
    ['#', 'must begin with estates/e/ext/'],
    ['estates/+/ext/a', 'must begin with estates/e/ext/'],
    ['estates/e/ext/a#', '# must stand alone at the end'],
    ['estates/e/ext/#/a', '# must stand alone at the end'],
    ['estates/e/ext/a+', '+ must fill its level'],
    ['estates/e/ext/\u0000', 'must hold no control characters'],
  ])('%s: %s', (filter, fault) => {
    expect(filterFault(filter, 'estates/e/ext')).toBe(fault)
  })
})

describe('readiness', () => {
  const now = 1_000_000
  const good: ReadinessInput = {
    statuses: Object.fromEntries(ROLES.map((role) => [role, { role, pid: 1, at: now, state: 'running' }])) as ReadinessInput['statuses'],
    health: { tickAt: now, engineAt: now - 1000, behind: 0, storeLagMs: 0 },
    catchingUp: false,
    storeName: 'sqlite',
    now,
  }
  const ingest = { role: 'ingest', pid: 1, at: now } as const

  test('is ready when every part works', () => {
    expect(judgeReadiness(good)).toMatchObject({ ready: true, because: [], store: { name: 'sqlite', state: 'up' } })
  })

  test.each<[string, Partial<ReadinessInput>, RegExp]>([
    ['a role is gone', { statuses: { ...good.statuses, alarms: { ...good.statuses.alarms!, at: now - 6000 } } }, /alarms is gone/],
    ['a role has never started', { statuses: { ...good.statuses, broker: undefined } }, /broker is never started/],
    ['ingest waits for the store', { statuses: { ...good.statuses, ingest: { ...ingest, state: 'degraded' } } }, /store sqlite is down/],
    ['the engine is behind', { health: { ...good.health, engineAt: now - 6000 } }, /engine is behind/],
    ['there are no ticks', { health: { ...good.health, tickAt: null } }, /no time/],
    ['this server catches up', { catchingUp: true }, /catching up/],
  ])('is not ready when %s', (_what, change, because) => {
    const readiness = judgeReadiness({ ...good, ...change })
    expect(readiness.ready).toBe(false)
    expect(readiness.because.join()).toMatch(because)
  })
})
