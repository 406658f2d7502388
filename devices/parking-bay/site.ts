/** The ground a bay sensor watches and what it is meant for: the estate file's `site` of a parking bay. */
import { z } from 'zod'
import type { Polygon } from '../../domain/geojson.ts'
import { polygonSchema } from '../geojson-schema.ts'

export interface ParkingBaySite {
  readonly area: Polygon
  /** On a fire lane or the green no car may stand. */
  readonly use: 'bay' | 'fire-lane' | 'green'
}

export const site: z.ZodType<ParkingBaySite> = z.strictObject({
  area: polygonSchema,
  use: z.enum(['bay', 'fire-lane', 'green']),
})
