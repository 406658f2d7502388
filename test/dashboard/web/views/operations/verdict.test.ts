import { describe, expect, it } from 'vitest'
import { ROLES, type Role, type RoleStatus } from '../../../../../domain/role-status.ts'
import type { Operations } from '../../../../../dashboard/web/views/operations/operations.ts'
import { GONE_AFTER_MS, judge, roleState } from '../../../../../dashboard/web/views/operations/verdict.ts'

const NOW = 1_000_000
const role = (name: Role, changes: Partial<RoleStatus> = {}): RoleStatus => ({
  role: name,
  pid: 1,
  at: NOW,
  state: 'running',
  lagMs: 0,
  ...changes,
})
const line = (changes: Partial<Record<Role, RoleStatus | null>> = {}, more: Partial<Operations> = {}): Operations => ({
  roles: { ...(Object.fromEntries(ROLES.map((name) => [name, role(name)])) as Record<Role, RoleStatus>), ...changes },
  journal: { first: 1, head: 10, bytes: 1, segments: 1 },
  store: { name: 'sqlite', state: 'up', lagMs: 0 },
  ...{ rejected: [], refusals: [], clients: [] },
  disk: { freeMib: 90_000, stage: 'ok' },
  ...more,
})

describe('the headline of operations', () => {
  it('says that all runs only when all does', () => {
    expect(judge(line(), NOW)).toEqual({ what: 'running' })
  })

  it('names the first part of the line that is not running, and what it waits for', () => {
    const judged = judge(line({ broker: null, ingest: role('ingest', { state: 'waiting', waitingFor: 'the broker' }) }), NOW)
    expect(judged).toEqual({ what: 'role', role: 'broker', state: 'never', waitingFor: undefined })
  })

  it('calls a part gone that has said nothing for five seconds', () => {
    expect(roleState(role('alarms', { at: NOW - GONE_AFTER_MS - 1 }), NOW)).toBe('gone')
    expect(roleState(role('alarms', { at: NOW - GONE_AFTER_MS }), NOW)).toBe('running')
  })

  it('names the store where ingest is only degraded because of it', () => {
    const away = line({ ingest: role('ingest', { state: 'degraded' }) }, { store: { name: 'influx1', state: 'down', lagMs: 90_000 } })
    expect(judge(away, NOW)).toEqual({ what: 'store', state: 'down' })
  })

  it('names a full disk, and a part that is behind', () => {
    expect(judge(line({}, { disk: { freeMib: 300, stage: 'floor' } }), NOW)).toMatchObject({ what: 'disk', freeMib: 300 })
    expect(judge(line({ alarms: role('alarms', { lagMs: 60_000 }) }), NOW)).toEqual({ what: 'behind', role: 'alarms', lagMs: 60_000 })
  })
})
