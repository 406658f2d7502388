/** The alarms: `/alarms`. */
import { z } from 'zod'
import { AppError } from '../../../domain/errors.ts'
import { maySee } from '../access.ts'
import type { AddRoutes } from '../app.ts'
import { sessionOf } from '../gate.ts'
import { alarmSchema, failures, idSchema, instantQuery } from '../schemas.ts'

const querystring = z.object({
  estate: idSchema.optional(),
  standing: z.stringbool().default(false).describe('only unacknowledged, acknowledged, returned and latched ones'),
  from: instantQuery.optional().describe('raised at or after, epoch ms'),
  to: instantQuery.optional().describe('raised before, epoch ms'),
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
  cursor: z.string().max(200).optional().describe('`next` of the page before'),
})

export const addAlarmRoutes: AddRoutes = (api, { alarms }) => {
  api.get(
    '/alarms',
    {
      schema: {
        summary: 'Alarms, newest first',
        tags: ['alarms'],
        querystring,
        response: { 200: z.object({ alarms: z.array(alarmSchema), next: z.string().nullable() }), ...failures },
      },
    },
    async (request) => {
      const { user } = sessionOf(request)
      const { estate, from, to, cursor, ...rest } = request.query
      if (estate !== undefined && !maySee(user, estate)) throw new AppError('not-your-estate')
      const page = alarms.page({
        ...rest,
        estates: estate === undefined ? user.estates : [estate],
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(cursor !== undefined && { cursor }),
      })
      return { alarms: [...page.alarms], next: page.next }
    },
  )
}
