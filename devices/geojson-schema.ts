/** Zod schemas of the GeoJSON that estate files use, so that a faulty coordinate is named where it stands. */
import { z } from 'zod'

export const positionSchema = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])

export const pointSchema = z.strictObject({ type: z.literal('Point'), coordinates: positionSchema })

export const lineStringSchema = z.strictObject({
  type: z.literal('LineString'),
  coordinates: z.array(positionSchema).min(2).max(10_000),
})

const ringSchema = z
  .array(positionSchema)
  .min(4)
  .max(500)
  .refine((ring) => ring[0]?.[0] === ring.at(-1)?.[0] && ring[0]?.[1] === ring.at(-1)?.[1], {
    error: 'a ring must end where it begins: repeat its first position at the end',
  })

export const polygonSchema = z.strictObject({ type: z.literal('Polygon'), coordinates: z.array(ringSchema).min(1).max(20) })
