/** The alarms: `/alarms`. */
import { z } from 'zod'
import { SYSTEM_ESTATE, SYSTEM_KIND, type Alarm } from '../../../domain/alarm.ts'
import { AppError } from '../../../domain/errors.ts'
import { demandEstate, type User } from '../access.ts'
import type { AddRoutes } from '../app.ts'
import { sessionOf } from '../gate.ts'
import { alarmSchema, failures, idSchema, instantQuery, shape } from '../schemas.ts'

const tags = ['alarms']
const querystring = z.object({
  estate: idSchema.optional(),
  kind: idSchema.optional().describe('only of devices of this kind'),
  device: idSchema.optional().describe('only of the device with this id; an id is used once in its kind'),
  standing: z.stringbool().default(false).describe('only unacknowledged, acknowledged, returned and latched ones'),
  from: instantQuery.optional().describe('raised at or after, epoch ms'),
  to: instantQuery.optional().describe('raised before, epoch ms'),
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
  cursor: z
    .string()
    .regex(/^\d{1,16}\.[a-z0-9-]{1,64}$/, 'must be `next` of the page before')
    .optional(),
})
const page = shape<{ readonly alarms: readonly Alarm[]; readonly next: string | null }>(
  z.object({ alarms: z.array(alarmSchema), next: z.string().nullable().describe('`cursor` of the next page; null at the end') }),
)
const timeline = z.array(z.object({ at: z.number(), what: z.string(), who: z.string().optional(), detail: z.string().optional() }))

export const addAlarmRoutes: AddRoutes = (api, { alarms }) => {
  api.get(
    '/alarms',
    { schema: { summary: 'Alarms, newest first', tags, querystring, response: { 200: page, ...failures } } },
    async (request) => {
      const { user } = sessionOf(request)
      const { estate, kind, device, from, to, cursor, limit, standing } = request.query
      if (estate !== undefined && estate !== SYSTEM_ESTATE) demandEstate(user, estate)
      return alarms.page({
        limit,
        standing,
        estates: estate === undefined ? estatesOf(user) : [estate],
        ...(kind !== undefined && { kind }),
        ...(device !== undefined && { device }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(cursor !== undefined && { cursor }),
      })
    },
  )

  api.get(
    '/alarms/:id',
    {
      schema: {
        summary: 'An alarm with what has happened to it',
        tags,
        params: z.object({ id: z.string().min(1).max(200) }),
        response: { 200: shape<Alarm>(z.intersection(alarmSchema, z.object({ timeline }))), ...failures },
      },
    },
    async (request) => {
      const alarm = alarms.find(request.params.id)
      if (!alarm) throw new AppError('not-found', 'There is no such alarm.')
      demandAlarm(sessionOf(request).user, alarm)
      return { ...alarm, timeline: [...alarms.timeline(alarm.id)] }
    },
  )
}

/** Alarms of the system itself are everybody's. @throws AppError `not-your-estate` */
export function demandAlarm(user: User, alarm: Alarm): void {
  if (alarm.kind !== SYSTEM_KIND) demandEstate(user, alarm.estate)
}

function estatesOf(user: User): readonly string[] | '*' {
  return user.estates === '*' ? '*' : [...user.estates, SYSTEM_ESTATE]
}
