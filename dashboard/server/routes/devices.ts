/** How each device of an estate is now: `/estates/:estate/devices`. */
import { z } from 'zod'
import type { AddRoutes } from '../app.ts'
import { deviceStateSchema, estateParams, failures, idSchema } from '../schemas.ts'

export const addDeviceRoutes: AddRoutes = (api, { estates, live }) => {
  api.get(
    '/estates/:estate/devices',
    {
      schema: {
        summary: 'All devices of an estate, or those of one kind, as they are now',
        tags: ['devices'],
        params: estateParams,
        querystring: z.object({ kind: idSchema.optional() }),
        response: { 200: z.array(deviceStateSchema), ...failures },
      },
    },
    async (request) => {
      const devices = live.devices(estates.demand(request.params.estate))
      const { kind } = request.query
      return devices.filter((device) => kind === undefined || device.kind === kind)
    },
  )
}
