/** Which metres of the fence a zone watches: the estate file's `site` of a fence zone. */
import { z } from 'zod'

/** Chainage along the wire, gate openings not counted. */
export interface FenceZoneSite {
  readonly fromM: number
  readonly toM: number
}

export const site: z.ZodType<FenceZoneSite> = z
  .strictObject({ fromM: z.number().min(0).max(100_000), toM: z.number().min(0).max(100_000) })
  .refine((zone) => zone.toM > zone.fromM, { path: ['toM'], error: 'must be more than fromM: chainage rises along the fence' })
