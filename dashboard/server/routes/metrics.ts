/** Figures for Prometheus: `/metrics`, with a session or the token of `METRICS_TOKEN`. */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../../../domain/errors.ts'
import type { AddRoutes } from '../app.ts'
import { COOKIE } from '../gate.ts'
import { createMetrics } from '../metrics.ts'
import { sha256 } from '../records/passwords.ts'

export const addMetricsRoute: AddRoutes = (api, context) => {
  const metrics = createMetrics(context)
  api.get('/metrics', { config: { open: true }, schema: { summary: 'Prometheus text', tags: ['operations'] } }, async (request, reply) => {
    if (!hasToken(request, context.config.metricsToken)) {
      const token = request.cookies[COOKIE]
      if (token === undefined || !(await context.sessions.use(token))) throw new AppError('not-signed-in')
    }
    return reply.type(metrics.contentType).send(await metrics.text())
  })
}

function hasToken(request: FastifyRequest, token: string | undefined): boolean {
  const [scheme, given] = (request.headers.authorization ?? '').split(' ')
  if (token === undefined || given === undefined || scheme?.toLowerCase() !== 'bearer') return false
  return timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(token)))
}
