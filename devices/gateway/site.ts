/** Where a gateway's box hangs: the estate file's `site` of a gateway. */
import { z } from 'zod'
import type { Position } from '../../domain/geojson.ts'
import { positionSchema } from '../geojson-schema.ts'

export interface GatewaySite {
  readonly position: Position
}

export const site: z.ZodType<GatewaySite> = z.strictObject({ position: positionSchema })
