/** What the alarm codes mean: `/alarm-codes`. */
import { z } from 'zod'
import { alarmCodesOf, type AlarmCodes } from '../../../domain/alarm-codes.ts'
import { DEFAULT_RULES } from '../../../devices/default-rules.ts'
import type { AddRoutes } from '../app.ts'
import { failures, shape } from '../schemas.ts'

const words = z.object({ zh: z.string(), en: z.string() })
const answer = shape<AlarmCodes>(
  z.record(z.string(), z.record(z.string(), z.object({ name: words, instruction: words, latch: z.boolean() }))),
)
const codes = alarmCodesOf(DEFAULT_RULES)

export const addAlarmCodeRoutes: AddRoutes = (api) => {
  api.get(
    '/alarm-codes',
    {
      schema: {
        summary: 'What each alarm code is called, and what the guard does first, by kind of device',
        tags: ['alarms'],
        response: { 200: answer, ...failures },
      },
    },
    async () => codes,
  )
}
