/** Is this process there, and does the line work: `/healthz` and `/readyz`, for service managers and balancers. */
import { z } from 'zod'
import type { AddRoutes } from '../app.ts'

const open = { open: true } as const
const tags = ['operations']

export const addHealthRoutes: AddRoutes = (api, { readiness }) => {
  api.get(
    '/healthz',
    { config: open, schema: { summary: '200 while this process serves', tags, response: { 200: z.object({ ok: z.literal(true) }) } } },
    async () => ({ ok: true as const }),
  )
  const answer = z.looseObject({ ready: z.boolean(), because: z.array(z.string()).readonly() })
  api.get(
    '/readyz',
    { config: open, schema: { summary: '200 when the whole line works, else 503 and why', tags, response: { 200: answer, 503: answer } } },
    async (_request, reply) => {
      const state = readiness()
      return reply.code(state.ready ? 200 : 503).send({ ...state })
    },
  )
}
