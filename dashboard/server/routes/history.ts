/** What a device measured: `/estates/:estate/:kind/:device/history`. */
import { z } from 'zod'
import { DAY_MS } from '../../../domain/clock.ts'
import { AppError } from '../../../domain/errors.ts'
import { findDevice } from '../../../domain/estate.ts'
import type { History } from '../../../domain/telemetry.ts'
import { findKind } from '../../../devices/index.ts'
import type { AddRoutes } from '../app.ts'
import { deviceParams, failures, instantQuery, shape } from '../schemas.ts'

const querystring = z.object({
  fields: z.string().max(1000).optional().describe('names with commas between; all but words when left out'),
  from: instantQuery.optional().describe('epoch ms; a day before `to` when left out'),
  to: instantQuery.optional().describe('epoch ms; now when left out'),
  points: z.coerce.number().pipe(z.int().min(1).max(2000)).default(300),
})
const answer = shape<{ readonly fields: History }>(
  z.object({
    fields: z
      .record(z.string(), z.array(z.array(z.number())))
      .describe('for each field [ts, min, mean, max] of at most `points` equal parts, oldest first; parts without data are left out'),
  }),
)

export const addHistoryRoutes: AddRoutes = (api, { estates, history, clock }) => {
  api.get(
    '/estates/:estate/:kind/:device/history',
    {
      schema: {
        summary: 'History of a device',
        tags: ['devices'],
        params: deviceParams,
        querystring,
        response: { 200: answer, ...failures },
      },
    },
    async (request) => {
      const { estate, kind, device } = request.params
      const definition = findKind(kind)
      if (!definition || !findDevice(estates.demand(estate), kind, device))
        throw new AppError('not-found', `The estate ${estate} has no ${kind} ${device}.`)
      const { points, to = clock() } = request.query
      const from = request.query.from ?? to - DAY_MS
      const fields = readFields(request.query.fields, definition.fields)
      if (from >= to) throw new AppError('bad-request', undefined, { fields: [{ path: 'querystring/from', rule: 'must be before `to`' }] })
      return { fields: await history({ estate, kind, device, fields, from, to, points }) }
    },
  )
}

function readFields(text: string | undefined, known: Readonly<Record<string, { readonly type: string }>>): readonly string[] {
  const drawable = Object.keys(known).filter((name) => known[name]!.type !== 'enum')
  if (text === undefined) return drawable
  const names = [...new Set(text.split(',').filter((name) => name !== ''))]
  const unknown = names.filter((name) => !Object.hasOwn(known, name))
  if (unknown.length > 0)
    throw new AppError('bad-request', undefined, {
      fields: unknown.map((name) => ({
        path: 'querystring/fields',
        rule: `has no field ${name}; known are ${Object.keys(known).join(', ')}`,
      })),
    })
  return names
}
