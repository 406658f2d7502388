/** A scenario's file → what happens at which second and what must, or must never, be on the desk by then; or every fault in the file. */
import { z } from 'zod'
import type { FieldFault } from '../domain/errors.ts'
import { readDocument } from '../estates/document.ts'
import { toFaults } from '../estates/faults.ts'
import { parseSelector, SELECTOR_RULE } from './selector.ts'

const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
const selector = z.string().refine((text) => parseSelector(text) !== undefined, { error: `must be ${SELECTOR_RULE}` })
const seconds = z.number().min(0).max(86_400)
const value = z.union([z.string(), z.number(), z.boolean()])

const step = z.strictObject({
  at: seconds,
  device: selector,
  /** An input of the device's kind (`devices/<kind>/simulate.ts`), `silent`, `speak`, `offline`, `online`; a gateway also `lost`, `back`. */
  do: z.string().min(1),
  with: z.record(z.string(), value).default({}),
  /** Of the devices that the selector names, this share, drawn by the seed. */
  share: z.number().gt(0).max(1).default(1),
  /** Not all at once: spread evenly at random over these seconds. */
  spread: seconds.default(0),
  repeat: z.strictObject({ every: z.number().positive(), times: z.int().min(1).max(10_000) }).exactOptional(),
})

const alarm = z.strictObject({
  /** `system` for alarms of no device. */
  device: z.union([selector, z.literal('system')]),
  code: z.string().min(1),
  state: z.string().min(1).exactOptional(),
  priority: z.int().min(1).max(3).exactOptional(),
  detail: z.record(z.string(), value).exactOptional(),
})

const expectation = z.strictObject({
  /** Second of the scenario. */
  by: seconds,
  alarm: alarm.exactOptional(),
  reading: z.strictObject({ device: selector, is: z.record(z.string(), value) }).exactOptional(),
  status: z.strictObject({ device: selector, is: z.enum(['online', 'stale', 'offline', 'unknown']) }).exactOptional(),
  /** Cameras whose field of view holds the place of the alarm. */
  cameras: z.array(selector).exactOptional(),
})

const schema = z.strictObject({
  title: words,
  about: words.exactOptional(),
  estate: z.string().min(1).default('yangqu-760'),
  /** Time of day in Shanghai at the first second, for the habits of people and cars; the real one when absent. */
  lifeAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
    .exactOptional(),
  /** How long it takes until all has happened and everything is as before. */
  seconds: z.number().positive().max(86_400),
  steps: z.array(step).default([]),
  /** What only whoever runs the servers can do. */
  outside: z.array(z.strictObject({ at: seconds, do: z.enum(['store-down', 'store-up']) })).default([]),
  expect: z.array(expectation).default([]),
  /** Must not be on the desk at any second. */
  never: z.array(z.strictObject({ alarm })).default([]),
})

export type ScenarioStep = z.infer<typeof step>
export type AlarmExpectation = z.infer<typeof alarm>
export type Scenario = z.infer<typeof schema> & { readonly name: string }
export type ParsedScenario =
  { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly faults: readonly FieldFault[] }

export function parseScenario(name: string, text: string): ParsedScenario {
  const document = readDocument(text)
  if (document.faults.length > 0) return { ok: false, faults: document.faults }
  const result = schema.safeParse(document.value)
  if (!result.success) return { ok: false, faults: toFaults(result.error.issues, document) }
  const { steps, expect, seconds: length } = result.data
  const faults = [
    ...steps.flatMap((each, i) =>
      lastSecond(each) > length ? [document.fault(['steps', i, 'at'], `happens after the scenario's end at ${length} s`)] : [],
    ),
    ...expect.flatMap((each, i) =>
      each.by > length ? [document.fault(['expect', i, 'by'], `is after the scenario's end at ${length} s`)] : [],
    ),
    ...expect.flatMap((each, i) =>
      (each.alarm ?? each.reading ?? each.status) ? [] : [document.fault(['expect', i], 'expects nothing: give alarm, reading or status')],
    ),
  ]
  return faults.length > 0 ? { ok: false, faults } : { ok: true, scenario: { ...result.data, name } }
}

function lastSecond({ at, spread, repeat }: ScenarioStep): number {
  return at + spread + (repeat ? repeat.every * (repeat.times - 1) : 0)
}
