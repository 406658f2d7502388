/** How the line is, for the operations page: `/operations`. */
import { z } from 'zod'
import { ROLES, type Role, type RoleStatus } from '../../../domain/role-status.ts'
import { readRoleStatuses } from '../../../storage/role-status.ts'
import type { AddRoutes } from '../app.ts'
import { askBroker } from '../broker-stats.ts'
import { failures, shape } from '../schemas.ts'

const nullableNumber = z.number().nullable()
const answer = z.object({
  roles: shape<Record<Role, RoleStatus | null>>(z.record(z.enum(ROLES), z.looseObject({ role: z.string(), state: z.string() }).nullable())),
  journal: z.object({ first: z.number(), head: z.number(), bytes: nullableNumber, segments: nullableNumber }),
  store: z.object({ name: z.string(), state: z.string(), lagMs: nullableNumber }),
  rejected: z.array(z.object({ reason: z.string(), count: z.number() })),
  refusals: z.array(z.object({ username: z.string(), what: z.string(), count: z.number(), lastAt: z.number(), detail: z.string() })),
  disk: z.object({ freeMib: z.number(), stage: z.string() }).nullable(),
  clients: z.array(
    z.object({
      username: z.string(),
      clientId: z.string(),
      address: z.string(),
      connectedAt: z.number(),
      protocol: z.string(),
      messages: z.number(),
    }),
  ),
})

export const addOperationsRoutes: AddRoutes = (api, context) => {
  api.get(
    '/operations',
    { config: { right: 'operate' }, schema: { summary: 'How the line is', tags: ['operations'], response: { 200: answer, ...failures } } },
    async () => {
      const { journal, deadLetters, readiness, config, broker } = context
      const statuses = readRoleStatuses(config.dataDir)
      const stats = await askBroker(broker)
      const { store } = readiness()
      return {
        roles: Object.fromEntries(ROLES.map((role) => [role, statuses[role] ? { ...statuses[role] } : null])) as z.infer<
          typeof answer
        >['roles'],
        journal: {
          first: journal.first(),
          head: journal.head(),
          bytes: stats?.journal.bytes ?? null,
          segments: stats?.journal.segments ?? null,
        },
        store: { ...store },
        rejected: Object.entries(deadLetters.counts())
          .map(([reason, count]) => ({ reason, count }))
          .sort((a, b) => b.count - a.count),
        refusals: [...(stats?.refusals ?? [])],
        disk: stats ? { ...stats.disk } : null,
        clients: [...(stats?.clients ?? [])],
      }
    },
  )
}
