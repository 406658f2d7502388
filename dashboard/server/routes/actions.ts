/** What people do with an alarm: `/alarms/:id/acknowledge` and the like. */
import { z } from 'zod'
import type { AlarmActionName } from '../../../domain/alarm.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Right } from '../access.ts'
import type { ActionRequest } from '../actions.ts'
import type { AddRoutes } from '../app.ts'
import { sessionOf } from '../gate.ts'
import { alarmSchema, failures, instantSchema } from '../schemas.ts'
import { demandAlarm } from './alarms.ts'

const seen = { transition: z.int().min(1).optional().describe('as seen: raised again since is 409 `raised-again`') }
const plain = z.strictObject(seen).nullish()

const ACTIONS = {
  acknowledge: { right: 'act', body: plain, summary: 'Take an alarm' },
  shelve: {
    right: 'act',
    body: z.strictObject({ until: instantSchema, reason: z.string().trim().min(1).max(500), ...seen }),
    summary: 'Lay an alarm aside until an instant, with a reason',
  },
  unshelve: { right: 'act', body: plain, summary: 'Take a shelved alarm back' },
  reset: { right: 'act', body: plain, summary: 'Close a latched alarm whose condition is gone' },
  assign: { right: 'act', body: z.strictObject({ person: z.string().min(1).max(64), ...seen }), summary: 'Make somebody responsible' },
  comment: { right: 'comment', body: z.strictObject({ text: z.string().trim().min(1).max(2000), ...seen }), summary: 'Write beside it' },
} as const satisfies Record<AlarmActionName, { readonly right: Right; readonly body: z.ZodType; readonly summary: string }>

const headers = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters')
    .optional()
    .describe('the same key again takes effect once'),
})

export const addActionRoutes: AddRoutes = (api, { alarms, actions, estates, clock }) => {
  for (const [name, { right, body, summary }] of Object.entries(ACTIONS))
    api.post(
      `/alarms/:id/${name}`,
      {
        config: { right },
        schema: {
          summary,
          tags: ['alarms'],
          params: z.object({ id: z.string().min(1).max(200) }),
          headers,
          body,
          response: { 200: alarmSchema, ...failures },
        },
      },
      async (request) => {
        const { user } = sessionOf(request)
        const alarm = alarms.find(request.params.id)
        if (!alarm) throw new AppError('not-found', 'There is no such alarm.')
        demandAlarm(user, alarm)
        const given = (request.body ?? {}) as Partial<Pick<ActionRequest, 'transition' | 'until' | 'reason' | 'person' | 'text'>>
        if (given.until !== undefined && given.until <= clock()) throw fault('/until', 'must be in the future')
        if (given.person !== undefined && !estates.find(alarm.estate)?.people.some(({ id }) => id === given.person))
          throw fault('/person', "must be the id of a person in the estate's file")
        const key = request.headers['idempotency-key']
        return actions.act({
          ...given,
          alarm: alarm.id,
          action: name as AlarmActionName,
          by: user.username,
          ...(key !== undefined && { key }),
        })
      },
    )
}

function fault(path: string, rule: string): AppError {
  return new AppError('bad-request', undefined, { fields: [{ path, rule }] })
}
