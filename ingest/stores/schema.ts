/** The one schema of every telemetry store: which measurements there are, and of which type each field always is. */
import type { KindDefinition } from '../../domain/device-kind.ts'
import type { TelemetryPoint } from '../../domain/telemetry.ts'
import { KINDS } from '../../devices/index.ts'

export type FieldType = 'float' | 'boolean' | 'string'

export interface Measurement {
  readonly name: string
  readonly kind: string
  /** `raw` is kept RAW_DAYS; events and one-minute series are kept MINUTE_DAYS. */
  readonly kept: 'raw' | 'minutes'
  readonly fields: Readonly<Record<string, FieldType>>
}

export const STATISTICS = ['min', 'mean', 'max'] as const

const EVENT_FIELDS = { code: 'string', scheme: 'string', wire_code: 'string', active: 'boolean' } as const

export const MEASUREMENTS: ReadonlyMap<string, Measurement> = new Map(
  KINDS.flatMap((definition) => measurementsOf(definition)).map((measurement) => [measurement.name, measurement]),
)

export function measurementsOf(definition: KindDefinition): readonly Measurement[] {
  const { kind } = definition
  const fields = fieldTypes(definition)
  const minutes = Object.keys(fields)
    .filter((field) => fields[field] !== 'string')
    .flatMap((field) => STATISTICS.map((statistic) => [`${field}_${statistic}`, 'float'] as const))
  return [
    { name: kind, kind, kept: 'raw', fields },
    { name: `${kind}_1m`, kind, kept: 'minutes', fields: Object.fromEntries(minutes) },
    { name: `${kind}_event`, kind, kept: 'minutes', fields: { ...fields, ...EVENT_FIELDS } },
  ]
}

function fieldTypes(definition: KindDefinition): Readonly<Record<string, FieldType>> {
  const types = { number: 'float', boolean: 'boolean', enum: 'string' } as const
  return Object.fromEntries(Object.entries(definition.fields).map(([name, { type }]) => [name, types[type]]))
}

/** Fields that have a minimum, mean and maximum; booleans count as 0 and 1. */
export function countableFields(kind: string): readonly string[] {
  const fields = MEASUREMENTS.get(kind)?.fields ?? {}
  return Object.keys(fields).filter((field) => fields[field] !== 'string')
}

/** Why no store can take a point, if so; said alike by all of them. */
export function findMisfit({ measurement, values, ts }: TelemetryPoint): string | undefined {
  const known = MEASUREMENTS.get(measurement)
  if (!known) return `there is no measurement ${measurement}`
  if (!Number.isSafeInteger(ts)) return `${ts} is no instant`
  let isEmpty = true
  for (const field in values) {
    isEmpty = false
    const value = values[field]
    const type = Object.hasOwn(known.fields, field) ? known.fields[field] : undefined
    if (!type) return `${measurement} has no field ${field}`
    if (typeof value !== (type === 'float' ? 'number' : type)) return `${field} of ${measurement} is a ${type}, not a ${typeof value}`
    if (typeof value === 'number' && !Number.isFinite(value)) return `${field} is not a finite number`
  }
  return isEmpty ? 'the point has no field' : undefined
}

/**
 * Two events of one device in one millisecond would fall on each other, as they differ in a field only: where the store counts finer,
 * an event sits some microseconds (1–999, from its code) after the millisecond. 0 for readings.
 */
export function microsWithin({ measurement, values }: TelemetryPoint): number {
  if (!measurement.endsWith('_event')) return 0
  let hash = 0
  for (const char of `${values['code']}/${values['scheme']}/${values['wire_code']}`) hash = (hash * 31 + char.charCodeAt(0)) % 999_983
  return 1 + (hash % 999)
}
