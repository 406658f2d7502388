/** Where a camera stands and what it sees: the estate file's `site` of a camera. */
import { z } from 'zod'
import type { Position } from '../../domain/geojson.ts'
import { positionSchema } from '../geojson-schema.ts'

export interface CameraSite {
  readonly position: Position
  /** Compass bearing of the middle of the picture, clockwise from true north. */
  readonly bearingDeg: number
  /** Horizontal angle of view. */
  readonly fovDeg: number
  /** How far a person can still be made out. */
  readonly rangeM: number
}

export const site: z.ZodType<CameraSite> = z.strictObject({
  position: positionSchema,
  bearingDeg: z.number().min(0).lt(360),
  fovDeg: z.number().min(1).max(360),
  rangeM: z.number().min(1).max(500),
})
