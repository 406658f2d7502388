/** Estates: `/estates`. What comes in is the file itself, so that each fault bears its line and column. */
import { z } from 'zod'
import type { Estate } from '../../../domain/estate.ts'
import { maySee } from '../access.ts'
import type { AddRoutes } from '../app.ts'
import { sessionOf } from '../gate.ts'
import { summarise } from '../live/summary.ts'
import { estateParams, estateSummarySchema, failures, nothing, shape } from '../schemas.ts'

const administer = { right: 'administer' } as const
const tags = ['estates']
const FILE_LIMIT = 16 << 20
const force = z.object({ force: z.stringbool().default(false).describe('also while P1 alarms stand on devices that vanish') })
const estate = shape<Estate>(z.looseObject({ id: z.string(), name: z.string() }).meta({ id: 'Estate' }))

export const addEstateRoutes: AddRoutes = (api, { estates, live }) => {
  // The file's text; JSON too, so that its faults have places.
  api.removeContentTypeParser('application/json')
  api.addContentTypeParser(
    ['application/json', 'application/yaml', 'application/x-yaml', 'text/yaml'],
    { parseAs: 'string', bodyLimit: FILE_LIMIT },
    (_request, body, done) => done(null, body),
  )

  api.get(
    '/estates',
    { schema: { summary: 'All estates that I may see', tags, response: { 200: z.array(estateSummarySchema), ...failures } } },
    async (request) => {
      const { user } = sessionOf(request)
      return estates
        .all()
        .filter(({ id }) => maySee(user, id))
        .map((one) => summarise(one, live))
    },
  )

  api.post(
    '/estates',
    {
      config: administer,
      bodyLimit: FILE_LIMIT,
      schema: {
        summary: 'Put an estate in force: its file as YAML or JSON',
        consumes: ['application/yaml', 'application/json'],
        tags,
        querystring: force,
        body: z.string().describe('the estate file'),
        response: { 200: estate, 201: estate, ...failures },
      },
    },
    async (request, reply) => {
      const put = await estates.put(request.body, request.query)
      if (put.created) void reply.header('location', `/api/v1/estates/${put.estate.id}`)
      return reply.code(put.created ? 201 : 200).send(put.estate)
    },
  )

  api.get(
    '/estates/:estate',
    { schema: { summary: 'An estate, exactly as POST takes it', tags, params: estateParams, response: { 200: estate, ...failures } } },
    async (request) => estates.demand(request.params.estate),
  )

  api.delete(
    '/estates/:estate',
    {
      config: administer,
      schema: {
        summary: 'Take an estate away with its credentials',
        tags,
        params: estateParams,
        querystring: force,
        response: { 204: nothing, ...failures },
      },
    },
    async (request, reply) => {
      await estates.remove(request.params.estate, request.query)
      return reply.code(204).send(null)
    },
  )
}
