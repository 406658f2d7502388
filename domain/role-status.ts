/** What each role says of itself once a second in `DATA_DIR/run/<role>.json`; `/readyz` and the operations page read it. */
import type { EpochMs } from './clock.ts'

export const ROLES = ['broker', 'ingest', 'alarms', 'dashboard'] as const
export type Role = (typeof ROLES)[number]

export interface RoleStatus {
  readonly role: Role
  readonly pid: number
  readonly at: EpochMs
  readonly state: 'starting' | 'waiting' | 'running' | 'degraded' | 'stopping'
  /** While waiting or degraded: for what, in one sentence. */
  readonly waitingFor?: string
  /** Journal number up to which this role has done its work. */
  readonly cursor?: number
  /** Age of the oldest entry not yet worked on, ms. */
  readonly lagMs?: number
  /** Further figures, by name with the unit in it. */
  readonly figures?: Readonly<Record<string, number | string>>
}
