/** The people who may sign in: `/people`. */
import { z } from 'zod'
import type { AddRoutes } from '../app.ts'
import { makePassword } from '../records/passwords.ts'
import { addPerson, listPeople } from '../records/people.ts'
import { failures, nothing, personBody, secretSchema, usernameSchema, userSchema } from '../schemas.ts'

const config = { right: 'administer' } as const
const params = z.object({ username: usernameSchema })
const tags = ['people']
const changed = z
  .object({ username: z.string(), name: z.string(), role: z.string(), estates: z.unknown(), password: z.string().optional() })
  .describe('`password` only after `resetPassword`, shown once')

export const addPeopleRoutes: AddRoutes = (api, { records, sessions, clock }) => {
  api.get('/people', { config, schema: { summary: 'All people', tags, response: { 200: z.array(userSchema), ...failures } } }, async () => [
    ...(await listPeople(records)),
  ])

  api.post(
    '/people',
    {
      config,
      schema: {
        summary: 'Add a person; the password is shown once',
        tags,
        body: personBody,
        response: { 201: secretSchema, ...failures },
      },
    },
    async (request, reply) => {
      const password = makePassword()
      await addPerson(records, request.body, { password, now: clock() })
      return reply.code(201).send({ username: request.body.username, password })
    },
  )

  api.patch(
    '/people/:username',
    {
      config,
      schema: {
        summary: 'Change a person; with a new role their sessions end, with `resetPassword` they get a new password, shown once',
        tags,
        params,
        body: personBody
          .omit({ username: true })
          .partial()
          .extend({ resetPassword: z.literal(true).optional() })
          .strict(),
        response: { 200: changed, ...failures },
      },
    },
    async (request) => {
      const { resetPassword, name, role, estates } = request.body
      const { username } = request.params
      const user = await sessions.changePerson(username, {
        ...(name !== undefined && { name }),
        ...(role !== undefined && { role }),
        ...(estates !== undefined && { estates }),
      })
      if (!resetPassword) return user
      const password = makePassword()
      await sessions.resetPassword(username, password)
      return { ...user, password }
    },
  )

  api.delete(
    '/people/:username',
    { config, schema: { summary: 'Remove a person; their sessions end', tags, params, response: { 204: nothing, ...failures } } },
    async (request, reply) => {
      await sessions.removePerson(request.params.username)
      return reply.code(204).send(null)
    },
  )
}
