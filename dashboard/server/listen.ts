/** Opens the ports: HTTP, and HTTPS beside it where a certificate is given; both serve the same. */
import type { FastifyInstance } from 'fastify'
import type { Server } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Config } from '../../config.ts'
import type { Log } from '../../log.ts'
import { readTlsFiles, watchTlsFiles } from '../../tls-files.ts'
import { answerBrokenRequest } from './errors.ts'
import { toServerOptions, type TimeLimits } from './time-limits.ts'

export interface Listening {
  readonly httpPort: number
  readonly httpsPort?: number
  close(): Promise<void>
}

/** The servers, not yet listening, so that the live feed can be put on them. */
export function createServers(
  app: FastifyInstance,
  { config, log, limits }: { readonly config: Config; readonly log: Log; readonly limits: TimeLimits },
): { readonly http: Server; readonly https: Server | undefined } {
  if (config.httpsPort === undefined || !config.tls) return { http: app.server, https: undefined }
  const { certPath, keyPath } = config.tls
  const https = createServer({ ...toServerOptions(limits), ...readTlsFiles({ certPath, keyPath }) }, (request, response) =>
    app.routing(request, response),
  )
  const watching = watchTlsFiles({ files: { certPath, keyPath }, use: (secureContext) => https.setSecureContext(secureContext), log })
  https.once('close', () => watching.close())
  https.on('clientError', answerBrokenRequest)
  return { http: app.server, https }
}

export async function listen(app: FastifyInstance, servers: ReturnType<typeof createServers>, config: Config): Promise<Listening> {
  await app.listen({ host: config.host, port: config.httpPort })
  const { https } = servers
  if (https)
    await new Promise<void>((resolve, reject) => {
      https.once('error', reject)
      https.listen({ host: config.host, port: config.httpsPort }, resolve)
    })
  return {
    httpPort: (servers.http.address() as AddressInfo).port,
    ...(https && { httpsPort: (https.address() as AddressInfo).port }),
    close: async () => {
      if (https) {
        const closed = new Promise<void>((resolve) => https.close(() => resolve()))
        https.closeAllConnections()
        await closed
      }
      await app.close()
    },
  }
}
