/** Checks the fields a device sent against its kind: known ones in range go through, unknown ones are named, a wrong one is the reason to refuse. */
import type { FieldDefinition, FieldValue, FieldValues, KindDefinition } from '../../domain/device-kind.ts'
import type { Rejection } from '../../domain/rejection.ts'
import { quote } from '../formats/json.ts'

const MOST_UNKNOWN = 20
const LONGEST_NAME = 64

export interface CheckedFields {
  readonly values: FieldValues
  /** Names the kind does not have; the first 20, each at most 64 characters. */
  readonly unknown: readonly string[]
  readonly faults: readonly Rejection[]
}

/** `null` is as good as absent: a device that does not know a value may say so. */
export function checkFields(definition: KindDefinition, fields: Readonly<Record<string, unknown>>): CheckedFields {
  const values: Record<string, FieldValue> = {}
  const unknown: string[] = []
  const faults: Rejection[] = []
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined
    if (!field) {
      if (unknown.length < MOST_UNKNOWN) unknown.push(name.slice(0, LONGEST_NAME))
    } else if (value !== null && value !== undefined) {
      const fault = findFault(name, field, value)
      if (fault) faults.push({ ...fault, field: name, value: quote(value) })
      else values[name] = value as FieldValue
    }
  }
  return { values, unknown, faults }
}

function findFault(name: string, field: FieldDefinition, value: unknown): Rejection | undefined {
  switch (field.type) {
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value))
        return { reason: 'wrong-type', detail: `${name} is ${quote(value)}; send a number${unitOf(field.unit)}.` }
      if (field.integer && !Number.isInteger(value))
        return { reason: 'wrong-type', detail: `${name} is ${value}; send a whole number${unitOf(field.unit)}.` }
      if (value < field.min || value > field.max)
        return { reason: 'out-of-range', detail: `${name} is ${value}, outside ${field.min} to ${field.max}${unitOf(field.unit)}.` }
      return undefined
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : { reason: 'wrong-type', detail: `${name} is ${quote(value)}; send true or false.` }
    case 'enum':
      if (typeof value !== 'string') return { reason: 'wrong-type', detail: `${name} is ${quote(value)}; send ${choices(field.labels)}.` }
      return Object.hasOwn(field.labels, value)
        ? undefined
        : { reason: 'unknown-value', detail: `${name} is ${quote(value)}; send ${choices(field.labels)}.` }
  }
}

function unitOf(unit: string): string {
  return unit === '' ? '' : ` ${unit}`
}

function choices(labels: Readonly<Record<string, unknown>>): string {
  return `one of ${Object.keys(labels).join(', ')}`
}
