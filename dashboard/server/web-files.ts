/** Serves the built web application (with its ready-made brotli files), and its page for every address that is the application's own. */
import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { projectRoot } from '../../project-root.ts'
import { answerError } from './errors.ts'

const FOREVER_S = 31_536_000

export async function addWebFiles(app: FastifyInstance): Promise<void> {
  const root = join(projectRoot, 'dist', 'web')
  const isBuilt = existsSync(join(root, 'index.html'))
  if (isBuilt)
    await app.register(async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, open: true }
        route.schema = { ...route.schema, hide: true }
      })
      await scope.register(staticFiles, {
        root,
        preCompressed: true,
        decorateReply: true,
        cacheControl: false,
        setHeaders: (reply, path) => {
          // Vite puts a hash of the content into the names below assets/.
          const isHashed = path.includes('/assets/')
          void reply.header('cache-control', isHashed ? `public, max-age=${FOREVER_S}, immutable` : 'no-cache')
        },
      })
    })
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    const isOurs = /^\/(api|socket\.io|healthz|readyz|metrics)(\/|$|\?)/.test(request.url)
    if (!isPage || isOurs) return answerError(new AppError('not-found'), request, reply)
    if (!isBuilt)
      return answerError(new AppError('not-found', 'The web application has not been built. Run `npm run build`.'), request, reply)
    return reply.sendFile('index.html', root)
  })
}
