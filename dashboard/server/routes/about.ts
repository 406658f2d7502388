/** What runs here: `/about`. */
import process from 'node:process'
import { z } from 'zod'
import type { AddRoutes } from '../app.ts'
import { isSimulated } from '../examples.ts'
import { failures } from '../schemas.ts'

const answer = z.object({
  version: z.string(),
  simulated: z.boolean().describe('the example estates are there, with simulated devices'),
  node: z.string(),
  engine: z.string().describe('which SQLite runs'),
})

export const addAboutRoutes: AddRoutes = (api, { version, estates, config, engine }) => {
  api.get('/about', { schema: { summary: 'What runs here', tags: ['operations'], response: { 200: answer, ...failures } } }, async () => ({
    version,
    simulated: isSimulated(estates.examples(), config.simulate),
    node: process.version,
    engine,
  }))
}
