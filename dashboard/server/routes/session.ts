/** Signing in and out: `/session`. */
import { z } from 'zod'
import type { AddRoutes } from '../app.ts'
import { giveCookie, sessionOf, takeCookie } from '../gate.ts'
import { PASSWORD_MAX } from '../records/passwords.ts'
import { failures, nothing, userSchema } from '../schemas.ts'

const password = z.string().min(1).max(PASSWORD_MAX)
const answer = z.object({ user: userSchema })

export const addSessionRoutes: AddRoutes = (api, { sessions }) => {
  api.post(
    '/session',
    {
      config: { open: true },
      schema: {
        summary: 'Sign in',
        tags: ['session'],
        body: z.strictObject({ username: z.string().min(1).max(64), password }),
        response: { 200: answer, ...failures },
      },
    },
    async (request, reply) => {
      const { token, session } = await sessions.signIn({ address: request.ip, ...request.body })
      giveCookie(request, reply, { token, expiresAt: session.expiresAt })
      return { user: session.user }
    },
  )

  api.get('/session', { schema: { summary: 'Who am I', tags: ['session'], response: { 200: answer, ...failures } } }, async (request) => ({
    user: sessionOf(request).user,
  }))

  api.delete(
    '/session',
    { schema: { summary: 'Sign out', tags: ['session'], response: { 204: nothing, ...failures } } },
    async (request, reply) => {
      await sessions.signOut(sessionOf(request))
      takeCookie(request, reply)
      return reply.code(204).send(null)
    },
  )

  api.put(
    '/session/password',
    {
      schema: {
        summary: 'Change my password; all my other sessions end',
        tags: ['session'],
        body: z.strictObject({ old: password, new: password }),
        response: { 204: nothing, ...failures },
      },
    },
    async (request, reply) => {
      await sessions.changePassword(sessionOf(request), request.body)
      return reply.code(204).send(null)
    },
  )
}
