/** What could not be understood or was not allowed, and its replay after a mend: `/dead-letters`. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../../domain/errors.ts'
import { REJECTION_REASONS } from '../../../domain/rejection.ts'
import { SYSTEM_TOPICS, SYSTEM_VERSION } from '../../../domain/system.ts'
import { maySee } from '../access.ts'
import type { AddRoutes } from '../app.ts'
import { sessionOf } from '../gate.ts'
import { failures, idSchema } from '../schemas.ts'

const config = { right: 'operate' } as const
const tags = ['operations']
const WAIT_MS = 3000
const reason = z.enum(REJECTION_REASONS)
const letter = z.object({
  id: z.string(),
  receivedAt: z.number(),
  client: z.string(),
  topic: z.string(),
  reason,
  detail: z.string(),
  field: z.string().nullable(),
  value: z.string().nullable(),
  payload: z.string(),
})

export const addDeadLetterRoutes: AddRoutes = (api, { deadLetters, broker }) => {
  api.get(
    '/dead-letters',
    {
      config,
      schema: {
        summary: 'Rejected messages, newest first',
        tags,
        querystring: z.object({
          reason: reason.optional(),
          estate: idSchema.optional(),
          limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
          before: z.string().max(60).optional(),
        }),
        response: { 200: z.object({ deadLetters: z.array(letter), next: z.string().nullable() }), ...failures },
      },
    },
    async (request) => {
      const { user } = sessionOf(request)
      const { estate, before, limit, ...query } = request.query
      if (estate === undefined && user.estates !== '*')
        throw new AppError('bad-request', undefined, { fields: [{ path: 'querystring/estate', rule: 'must name one of your estates' }] })
      if (estate !== undefined && !maySee(user, estate)) throw new AppError('not-your-estate')
      const page = deadLetters.list({
        limit,
        ...(query.reason !== undefined && { reason: query.reason }),
        ...(estate !== undefined && { estate }),
        ...(before !== undefined && { before }),
      })
      return { deadLetters: page.deadLetters.map((one) => ({ ...one })), next: page.next }
    },
  )

  api.post(
    '/dead-letters/replay',
    {
      config: { right: 'administer' },
      schema: {
        summary: 'Decode dead letters again; what is understood now is stored',
        tags,
        body: z.strictObject({
          reason: reason.optional(),
          ids: z
            .array(z.string().regex(/^\d+-\d+$/))
            .max(1000)
            .optional(),
        }),
        response: { 202: z.object({ id: z.string() }), ...failures },
      },
    },
    async (request, reply) => {
      const id = randomUUID()
      await broker.append(SYSTEM_TOPICS.replay, { v: SYSTEM_VERSION, id, ...request.body }, { timeoutMs: WAIT_MS })
      return reply.code(202).send({ id })
    },
  )
}
