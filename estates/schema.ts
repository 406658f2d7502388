/** The strict shape of an estate file; a key that it does not know is a fault, so that a misspelt one is not lost in silence. */
import { z } from 'zod'
import { lineStringSchema, pointSchema, polygonSchema } from '../devices/geojson-schema.ts'
import { LIFT_STAGES } from '../domain/estate.ts'
import { ID_PATTERN } from '../domain/topic.ts'

const id = z.string().regex(ID_PATTERN, 'an id is 1 to 64 of a–z, 0–9 and "-": it becomes a part of MQTT topics')
const words = z.string().min(1).max(200)

export const personSchema = z.strictObject({
  id,
  name: words,
  nameEn: words.exactOptional(),
  title: words,
  titleEn: words.exactOptional(),
  phone: z
    .string()
    .regex(/^[+0-9][0-9 -]{1,30}$/, 'a phone number is digits, spaces and "-", in quotes')
    .exactOptional(),
})

export const dutySchema = z.strictObject({
  duty: z.enum(['responsible', 'decision-maker']),
  for: z.strictObject({ kind: id.exactOptional(), device: id.exactOptional() }),
  person: id,
})

export const blockSchema = z.strictObject({
  id,
  name: words,
  storeys: z.int().min(1).max(100),
  stairwells: z.int().min(1).max(100),
  outline: polygonSchema,
})

export const fenceSchema = z.strictObject({
  line: lineStringSchema,
  lengthM: z.number().positive().max(100_000),
  openings: z
    .array(
      z.strictObject({
        gate: id,
        name: words,
        nameEn: words.exactOptional(),
        chainageM: z.number().min(0).max(100_000),
        widthM: z.number().positive().max(100),
      }),
    )
    .max(100)
    .default([]),
})

export const liftSchema = z.strictObject({ id, block: id, stage: z.enum(LIFT_STAGES), device: id.exactOptional() })

export const deviceSchema = z.strictObject({
  id,
  kind: id,
  name: words,
  nameEn: words.exactOptional(),
  gateway: id.exactOptional(),
  tags: z.array(words).max(50).exactOptional(),
  site: z.record(z.string(), z.unknown()),
})

export const FEATURE_KINDS = [
  'boundary',
  'road',
  'lane',
  'green',
  'pond',
  'gate',
  'guard-box',
  'bike-shed',
  'bin-house',
  'committee-house',
] as const

export const featureSchema = z.strictObject({
  type: z.literal('Feature'),
  properties: z
    .record(z.string(), z.union([z.string().max(1_000), z.number(), z.boolean()]))
    .refine((has) => FEATURE_KINDS.some((kind) => kind === has['kind']), {
      path: ['kind'],
      error: `a feature's kind must be one of ${FEATURE_KINDS.join(', ')}`,
    }),
  geometry: z.discriminatedUnion('type', [pointSchema, lineStringSchema, polygonSchema]),
})

export const estateSchema = z.strictObject({
  id,
  name: words,
  nameEn: words.exactOptional(),
  note: z.string().max(5_000).exactOptional(),
  bearingDeg: z.number().min(-180).max(360).default(0),
  plan: z.strictObject({ type: z.literal('FeatureCollection'), features: z.array(featureSchema).min(1).max(20_000) }),
  blocks: z.array(blockSchema).max(1_000).default([]),
  fence: fenceSchema.exactOptional(),
  lifts: z.array(liftSchema).max(1_000).default([]),
  devices: z.array(deviceSchema).max(20_000).default([]),
  people: z.array(personSchema).max(1_000).default([]),
  duties: z.array(dutySchema).max(5_000).default([]),
})
