/** Whether the whole line works, part by part: what `/readyz` says and the foot of the screen shows. */
import { SECOND_MS, type EpochMs } from '../../domain/clock.ts'
import type { LineHealth } from '../../domain/live.ts'
import { ROLES, type Role, type RoleStatus } from '../../domain/role-status.ts'

/** A role writes its status each second, the engine each tick: older than this, it is not keeping up. */
export const ALIVE_MS = 5 * SECOND_MS

export interface Readiness {
  readonly ready: boolean
  /** Why not, in sentences; empty when ready. */
  readonly because: readonly string[]
  readonly roles: Readonly<Record<Role, { readonly state: string; readonly lagMs: number | null; readonly waitingFor?: string }>>
  readonly store: { readonly name: string; readonly state: 'up' | 'down' | 'unknown'; readonly lagMs: number | null }
  readonly engine: { readonly at: EpochMs | null; readonly behindMs: number | null }
  readonly live: { readonly catchingUp: boolean; readonly behind: number }
}

export interface ReadinessInput {
  readonly statuses: Readonly<Record<Role, RoleStatus | undefined>>
  readonly health: LineHealth
  readonly catchingUp: boolean
  readonly storeName: string
  readonly now: EpochMs
}

export function judgeReadiness({ statuses, health, catchingUp, storeName, now }: ReadinessInput): Readiness {
  const roles = Object.fromEntries(ROLES.map((role) => [role, judgeRole(statuses[role], now)])) as Readiness['roles']
  const store = judgeStore(statuses.ingest, storeName, now)
  const engineBehindMs = health.engineAt === null ? null : Math.max(0, now - health.engineAt)
  const because = [
    ...ROLES.filter((role) => roles[role].state !== 'running').map((role) => `${role} is ${roles[role].state}`),
    ...(store.state === 'down' ? [`the telemetry store ${storeName} is down`] : []),
    ...(health.tickAt === null || now - health.tickAt > ALIVE_MS ? ['the broker gives no time'] : []),
    ...(engineBehindMs === null || engineBehindMs > ALIVE_MS ? ['the alarm engine is behind'] : []),
    ...(catchingUp ? [`this server is catching up, ${health.behind} entries left`] : []),
  ]
  return {
    ready: because.length === 0,
    because,
    roles,
    store,
    engine: { at: health.engineAt, behindMs: engineBehindMs },
    live: { catchingUp, behind: health.behind },
  }
}

function judgeRole(status: RoleStatus | undefined, now: EpochMs): Readiness['roles'][Role] {
  if (!status) return { state: 'never started', lagMs: null }
  if (now - status.at > ALIVE_MS) return { state: 'gone', lagMs: null }
  return {
    state: status.state,
    lagMs: status.lagMs ?? null,
    ...(status.state !== 'running' && status.waitingFor !== undefined && { waitingFor: status.waitingFor }),
  }
}

/** Ingest speaks for the store: degraded or waiting, it says for what. */
function judgeStore(ingest: RoleStatus | undefined, name: string, now: EpochMs): Readiness['store'] {
  if (!ingest || now - ingest.at > ALIVE_MS) return { name, state: 'unknown', lagMs: null }
  const said = ingest.figures?.['store']
  const isDown = said === undefined ? ingest.state === 'degraded' : said === 'down'
  return { name, state: isDown ? 'down' : 'up', lagMs: ingest.lagMs ?? null }
}
