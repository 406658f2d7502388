/** What `GET /operations` answers. */
import type { ClientStats, RefusalStats } from '../../../../domain/broker-stats.ts'
import type { RejectionReason } from '../../../../domain/rejection.ts'
import type { Role, RoleStatus } from '../../../../domain/role-status.ts'

export interface Operations {
  readonly roles: Readonly<Record<Role, RoleStatus | null>>
  readonly journal: { readonly first: number; readonly head: number; readonly bytes: number | null; readonly segments: number | null }
  readonly store: { readonly name: string; readonly state: string; readonly lagMs: number | null }
  readonly rejected: readonly { readonly reason: RejectionReason; readonly count: number }[]
  readonly refusals: readonly RefusalStats[]
  readonly disk: { readonly freeMib: number; readonly stage: string } | null
  readonly clients: readonly ClientStats[]
}

export interface DeadLetter {
  readonly id: string
  readonly receivedAt: number
  readonly client: string
  readonly topic: string
  readonly reason: RejectionReason
  readonly detail: string
  readonly field: string | null
  readonly value: string | null
  readonly payload: string
}
