/** Runs a short scenario on a simulated estate, on the real path from its gateways on: `/estates/:estate/try`. */
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { onJsonLines } from '../../../broker/journal/lines.ts'
import { AppError } from '../../../domain/errors.ts'
import type { AddRoutes } from '../app.ts'
import { isSimulated } from '../examples.ts'
import { estateParams, failures } from '../schemas.ts'

const WAIT_MS = 10_000
const answer = z.object({ publishedAt: z.number() })

export const addTryRoutes: AddRoutes = (api, { estates, config }) => {
  api.post(
    '/estates/:estate/try',
    {
      config: { right: 'act' },
      schema: {
        summary: 'Run a scenario on an example estate',
        tags: ['operations'],
        params: estateParams,
        body: z.strictObject({ scenario: z.enum(['cut', 'entrapment', 'gateway-lost']) }),
        response: { 200: answer, ...failures },
      },
    },
    async (request) => {
      const { id: estate } = estates.demand(request.params.estate)
      if (!isSimulated(estates.examples(), config.simulate) || !estates.examples().includes(estate))
        throw new AppError('wrong-state', 'Only the example estates have simulated devices, and only while SIMULATE is not off.')
      const reply = await askSimulator(join(config.dataDir, 'run', 'simulator.sock'), { estate, scenario: request.body.scenario })
      if (reply.publishedAt === undefined) throw new AppError('wrong-state', reply.error ?? 'The simulated devices did not answer.')
      return { publishedAt: reply.publishedAt }
    },
  )
}

/** One JSON line there, one back. */
function askSimulator(path: string, question: unknown): Promise<{ readonly publishedAt?: number; readonly error?: string }> {
  return new Promise((resolve, reject) => {
    const away = (cause?: unknown) => reject(new AppError('wrong-state', 'The simulated devices are not running.', { cause }))
    const socket = createConnection(path)
    socket.setTimeout(WAIT_MS, () => socket.destroy(new Error('no answer in time')))
    socket.on('error', away)
    socket.on('close', () => away())
    socket.on('connect', () => socket.write(`${JSON.stringify(question)}\n`))
    onJsonLines(socket, (message) => {
      resolve(message as { publishedAt?: number; error?: string })
      socket.end()
    })
  })
}
