/** Stands before every route: foreign pages are refused, and nobody passes without a session, the right and the estate that the route asks for. */
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/errors.ts'
import { demandEstate, demandRight, type Right } from './access.ts'
import { isForeignOrigin } from './origin.ts'
import type { Session } from './records/sessions.ts'
import type { SessionService } from './session-service.ts'

export const COOKIE = 'estatewatch'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served to anybody; every other route needs a session. */
    readonly open?: boolean
    readonly right?: Right
  }
  interface FastifyRequest {
    /** Present on every route that is not open. */
    session: Session | null
  }
}

export function putUpGate(
  app: FastifyInstance,
  options: { readonly sessions: SessionService; readonly publicUrl: string | undefined },
): void {
  app.decorateRequest('session', null)
  app.addHook('onRequest', async (request, reply) => {
    if (isForeignOrigin({ origin: request.headers.origin, host: request.host }, options.publicUrl)) throw new AppError('foreign-origin')
    const { config } = request.routeOptions
    if (config.open || request.is404) return
    const token = request.cookies[COOKIE]
    const used = token === undefined ? undefined : await options.sessions.use(token)
    if (!used) throw new AppError('not-signed-in')
    request.session = used.session
    if (used.renewed) giveCookie(request, reply, { token: token!, expiresAt: used.session.expiresAt })
    if (config.right) demandRight(used.session.user, config.right)
    const { estate } = request.params as { readonly estate?: string }
    if (estate !== undefined) demandEstate(used.session.user, estate)
  })
}

/** The session of a request that has passed the gate. @throws AppError `not-signed-in` */
export function sessionOf(request: FastifyRequest): Session {
  if (!request.session) throw new AppError('not-signed-in')
  return request.session
}

export function giveCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  given: { readonly token: string; readonly expiresAt: number },
): void {
  reply.setCookie(COOKIE, given.token, { ...cookieOptions(request), expires: new Date(given.expiresAt) })
}

export function takeCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(COOKIE, cookieOptions(request))
}

function cookieOptions(request: FastifyRequest): CookieSerializeOptions {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: request.protocol === 'https' }
}
