/** The one thing that matters about the line: which part is not running or too far behind, or that all of it is. */
import { SECOND_MS, type EpochMs } from '../../../../domain/clock.ts'
import { ROLES, type Role, type RoleStatus } from '../../../../domain/role-status.ts'
import type { Operations } from './operations.ts'

/** A role writes its status each second. */
export const GONE_AFTER_MS = 5 * SECOND_MS
export const BEHIND_MS = 10 * SECOND_MS

export type RoleState = RoleStatus['state'] | 'gone' | 'never'

export function roleState(status: RoleStatus | null, now: EpochMs): RoleState {
  if (status === null) return 'never'
  return now - status.at > GONE_AFTER_MS ? 'gone' : status.state
}

export type Verdict =
  | { readonly what: 'role'; readonly role: Role; readonly state: RoleState; readonly waitingFor: string | undefined }
  | { readonly what: 'store'; readonly state: string }
  | { readonly what: 'disk'; readonly stage: string; readonly freeMib: number }
  | { readonly what: 'behind'; readonly role: Role; readonly lagMs: number }
  | { readonly what: 'running' }

/** In travel order: what is broken first explains what is behind it. */
export function judge({ roles, store, disk }: Operations, now: EpochMs): Verdict {
  for (const role of ROLES) {
    const state = roleState(roles[role], now)
    if (state !== 'running' && !(state === 'degraded' && role === 'ingest' && store.state === 'down'))
      return { what: 'role', role, state, waitingFor: roles[role]?.waitingFor }
  }
  if (store.state === 'down') return { what: 'store', state: store.state }
  if (disk && disk.stage !== 'ok') return { what: 'disk', ...disk }
  const behind = ROLES.find((role) => (roles[role]?.lagMs ?? 0) > BEHIND_MS)
  return behind ? { what: 'behind', role: behind, lagMs: roles[behind]?.lagMs ?? 0 } : { what: 'running' }
}
