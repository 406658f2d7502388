/** The shapes of the API as zod schemas: they check what comes in, cut what goes out, and become the OpenAPI document. */
import { z } from 'zod'
import { ALARM_STATES, type Alarm } from '../../domain/alarm.ts'
import { ERRORS, type ErrorCode } from '../../domain/errors.ts'
import { DEVICE_STATUSES, type DeviceState, type EstateSummary } from '../../domain/live.ts'
import { ID_PATTERN } from '../../domain/topic.ts'
import { ROLES, type User } from './access.ts'
import type { ErrorBody } from './errors.ts'

/** Says that a schema describes a type of the domain, whose arrays and fields are read-only. */
export function shape<T>(schema: z.ZodType): z.ZodType<T> {
  return schema as z.ZodType<T>
}

export const idSchema = z.string().regex(ID_PATTERN, 'must be 1 to 64 of a–z, 0–9 and -')
export const instantSchema = z.int().min(0).max(8.64e15).describe('epoch ms')
/** In a query, where everything is text. */
export const instantQuery = z.coerce.number().pipe(instantSchema)
export const valueSchema = z.union([z.number(), z.boolean(), z.string()])

export const estateParams = z.object({ estate: idSchema })
export const deviceParams = z.object({ estate: idSchema, kind: idSchema, device: idSchema })

export const usernameSchema = z.string().regex(/^[a-zA-Z0-9._@-]{1,64}$/, 'must be 1 to 64 of a–z, A–Z, 0–9 and . _ @ -')
export const estatesSchema = z.union([z.literal('*'), z.array(idSchema).max(1000)])
export const personBody = z.strictObject({
  username: usernameSchema,
  name: z.string().trim().min(1).max(100),
  role: z.enum(ROLES),
  estates: estatesSchema,
})
export const userSchema = shape<User>(
  z
    .object({ username: z.string(), name: z.string(), role: z.enum(ROLES), estates: z.union([z.literal('*'), z.array(z.string())]) })
    .meta({ id: 'User' }),
)

/** `{username, password}` and nothing else; shown once. */
export const secretSchema = z.object({ username: z.string(), password: z.string() }).meta({ id: 'Secret' })

export const alarmSchema = shape<Alarm>(
  z
    .object({
      id: z.string(),
      transition: z.int(),
      estate: z.string(),
      kind: z.string(),
      device: z.string(),
      code: z.string(),
      priority: z.union([z.literal(1), z.literal(2), z.literal(3)]),
      state: z.enum(ALARM_STATES),
      late: z.boolean(),
      raisedAt: z.number(),
      returnedAt: z.number().nullable(),
      acknowledgedAt: z.number().nullable(),
      acknowledgedBy: z.string().nullable(),
      shelved: z.object({ by: z.string(), until: z.number(), reason: z.string() }).nullable(),
      suppressedBy: z.object({ zh: z.string(), en: z.string() }).nullable(),
      responsible: z.string().nullable(),
      decisionMaker: z.string().nullable(),
      detail: z.record(z.string(), valueSchema),
      comments: z.array(z.object({ at: z.number(), who: z.string(), text: z.string() })),
    })
    .meta({ id: 'Alarm' }),
)

export const deviceStateSchema = shape<DeviceState>(
  z
    .object({
      id: z.string(),
      kind: z.string(),
      name: z.string(),
      status: z.enum(DEVICE_STATUSES),
      observedAt: z.number().nullable(),
      receivedAt: z.number().nullable(),
      reading: z.record(z.string(), valueSchema).nullable(),
    })
    .meta({ id: 'DeviceState' }),
)

const counts = z.object({ p1: z.int(), p2: z.int(), p3: z.int() })
export const estateSummarySchema = shape<EstateSummary>(
  z
    .object({
      id: z.string(),
      name: z.string(),
      nameEn: z.string().optional(),
      devices: z.record(z.string(), z.object({ total: z.int(), online: z.int() })),
      fenceM: z.object({ total: z.number(), watched: z.number() }).optional().describe('metres of fence, and watched by an armed zone now'),
      standing: counts,
      unacknowledged: counts,
      oldestUnacknowledgedAt: z.number().nullable(),
      newestReceivedAt: z.number().nullable(),
    })
    .meta({ id: 'EstateSummary' }),
)

export const errorSchema = shape<ErrorBody>(
  z
    .object({
      error: z.object({
        code: z.enum(Object.keys(ERRORS) as ErrorCode[]),
        message: z.string(),
        fields: z
          .array(z.object({ path: z.string(), rule: z.string(), line: z.number().optional(), column: z.number().optional() }))
          .optional(),
      }),
    })
    .meta({ id: 'Error' }),
)

/** 204, in every route alike. */
export const nothing = z.null().describe('nothing')
/** What may come back instead, in every route alike. */
export const failures = { '4xx': errorSchema, '5xx': errorSchema }
