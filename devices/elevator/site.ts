/** Where a lift stands and which floors it serves: the estate file's `site` of an elevator. */
import { z } from 'zod'
import type { Position } from '../../domain/geojson.ts'
import { positionSchema } from '../geojson-schema.ts'

export interface ElevatorSite {
  readonly position: Position
  /** The block it belongs to. */
  readonly block: string
  /** Floors it stops at, from the lowest; below ground is negative, 0 is left out where people do not say it. */
  readonly floors: readonly number[]
  readonly floorHeightM: number
  /** m/s; overspeed is judged by it. */
  readonly ratedMps?: number | undefined
}

export const site: z.ZodType<ElevatorSite> = z.strictObject({
  position: positionSchema,
  block: z.string().min(1),
  floors: z
    .array(z.int().min(-9).max(99))
    .min(2)
    .max(100)
    .refine((floors) => floors.every((floor, i) => i === 0 || floor > floors[i - 1]!), {
      error: 'floors must rise: list each floor once, the lowest first',
    }),
  floorHeightM: z.number().min(2).max(10),
  ratedMps: z.number().min(0.1).max(10).optional(),
})
