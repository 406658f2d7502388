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
  const known = tableOf(definition)
  const values: Record<string, FieldValue> = {}
  let unknown = NONE
  let faults = NO_FAULTS
  for (const name in fields) {
    const value = fields[name]
    const field = known.get(name)
    if (field !== undefined) {
      if (isGood(field, value)) values[name] = value
      else if (value !== null && value !== undefined) {
        const fault = findFault(name, field.definition, value)
        if (faults === NO_FAULTS) faults = []
        faults.push({ ...fault, field: name, value: quote(value) })
      }
    } else if (name !== 'ts' && unknown.length < MOST_UNKNOWN) {
      if (unknown === NONE) unknown = []
      unknown.push(name.slice(0, LONGEST_NAME))
    }
  }
  return { values, unknown, faults }
}

const NONE: string[] = []
const NO_FAULTS: Rejection[] = []

/** A field's rule, laid out for a quick look. */
interface FieldCheck {
  readonly definition: FieldDefinition
  readonly min: number
  readonly max: number
  readonly integer: boolean
  readonly words: ReadonlySet<string> | undefined
}

const tables = new WeakMap<KindDefinition, ReadonlyMap<string, FieldCheck>>()

function tableOf(definition: KindDefinition): ReadonlyMap<string, FieldCheck> {
  const known = tables.get(definition)
  if (known) return known
  const table = new Map(Object.entries(definition.fields).map(([name, field]) => [name, toCheck(field)]))
  tables.set(definition, table)
  return table
}

function toCheck(definition: FieldDefinition): FieldCheck {
  const words = definition.type === 'enum' ? new Set(Object.keys(definition.labels)) : undefined
  if (definition.type !== 'number') return { definition, min: 0, max: 0, integer: false, words }
  const { min, max, integer = false } = definition
  return { definition, min, max, integer, words }
}

function isGood({ definition, min, max, integer, words }: FieldCheck, value: unknown): value is FieldValue {
  switch (definition.type) {
    case 'number': // NaN and the infinities are outside every range
      return typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value))
    case 'boolean':
      return typeof value === 'boolean'
    case 'enum':
      return typeof value === 'string' && words!.has(value)
  }
}

/** Why a value that is not good is not. */
function findFault(name: string, field: FieldDefinition, value: unknown): Rejection {
  switch (field.type) {
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value))
        return { reason: 'wrong-type', detail: `${name} is ${quote(value)}; send a number${unitOf(field.unit)}.` }
      return field.integer && !Number.isInteger(value)
        ? { reason: 'wrong-type', detail: `${name} is ${value}; send a whole number${unitOf(field.unit)}.` }
        : { reason: 'out-of-range', detail: `${name} is ${value}, outside ${field.min} to ${field.max}${unitOf(field.unit)}.` }
    case 'boolean':
      return { reason: 'wrong-type', detail: `${name} is ${quote(value)}; send true or false.` }
    case 'enum':
      return typeof value === 'string'
        ? { reason: 'unknown-value', detail: `${name} is ${quote(value)}; send ${choices(field.labels)}.` }
        : { reason: 'wrong-type', detail: `${name} is ${quote(value)}; send ${choices(field.labels)}.` }
  }
}

function unitOf(unit: string): string {
  return unit === '' ? '' : ` ${unit}`
}

function choices(labels: Readonly<Record<string, unknown>>): string {
  return `one of ${Object.keys(labels).join(', ')}`
}
