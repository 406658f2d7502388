import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REJECTION_REASONS } from '../../domain/rejection.ts'
import { KINDS } from '../../devices/index.ts'
import { decode } from '../../ingest/decode.ts'
import { entry, read } from './decode-tools.ts'

describe('decode, laws', () => {
  const anyTopic = fc.oneof(
    fc.string(),
    fc
      .tuple(fc.constantFrom(...KINDS.map(({ kind }) => kind), 'toaster'), fc.constantFrom('telemetry', 'event', 'availability', 'x'))
      .map(([kind, channel]) => `estates/e/${kind}/d-1/${channel}`),
  )
  const anyPayload = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map((text) => Buffer.from(text)),
    fc.anything({ withNullPrototype: true }).map((value) => toBytes(value)),
    fc
      .dictionary(fc.constantFrom('ts', 'code', 'active', 'scheme', 'floor', 'state', 'fps', '__proto__', 'toString'), fc.jsonValue())
      .map((value) => Buffer.from(JSON.stringify(value))),
  )

  it('never throws, whatever topic and bytes come, and every rejection has a known reason and a sentence', () => {
    fc.assert(
      fc.property(anyTopic, anyPayload, (topic, payload) => {
        for (const one of decode(entry(topic, payload), { findDevice: () => true, rawDays: 30 })) {
          if (one.ok) continue
          expect(REJECTION_REASONS).toContain(one.reason)
          expect(one.detail.length).toBeGreaterThan(10)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each(KINDS.map((definition) => [definition.kind, definition] as const))(
    'gives back exactly the valid values of a %s',
    (kind, definition) => {
      const fields = Object.entries(definition.fields).map(([name, field]) => {
        const values: fc.Arbitrary<unknown> =
          field.type === 'boolean'
            ? fc.boolean()
            : field.type === 'enum'
              ? fc.constantFrom(...Object.keys(field.labels))
              : field.integer
                ? fc.integer({ min: field.min, max: field.max })
                : fc.double({ min: field.min, max: field.max, noNaN: true }).map((value) => value + 0)
        return [name, values] as const
      })
      const readings = fc.record(Object.fromEntries(fields), { requiredKeys: [] }).filter((values) => Object.keys(values).length > 0)
      fc.assert(
        fc.property(fc.array(readings, { minLength: 1, maxLength: 5 }), (elements) => {
          const decoded = read(`${kind}/d-1/telemetry`, elements)
          expect(decoded.map((one) => (one.ok && one.observation.type === 'reading' ? one.observation.values : one))).toEqual(
            JSON.parse(JSON.stringify(elements)),
          )
        }),
        { numRuns: 200 },
      )
    },
  )

  it('says the same of the same entry each time', () => {
    fc.assert(
      fc.property(anyTopic, anyPayload, (topic, payload) => {
        const context = { findDevice: () => true, rawDays: 30 }
        expect(decode(entry(topic, payload), context)).toEqual(decode(entry(topic, payload), context))
      }),
    )
  })
})

/** Whatever cannot be JSON stands in for a payload that is cut off. */
function toBytes(value: unknown): Buffer {
  try {
    return Buffer.from(JSON.stringify(value))
  } catch {
    return Buffer.from('{')
  }
}
