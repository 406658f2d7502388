/** What a kind of device is: its fields with units and ranges, how often it reports, and the rules that raise its alarms. */
import type { AlarmRule } from './rule.ts'
import type { Words } from './words.ts'

export interface NumberField {
  readonly type: 'number'
  readonly label: Words
  /** SI or field unit as printed beside the value; empty for counts. */
  readonly unit: string
  /** Inclusive limits; a value outside rejects the reading (`out-of-range`). */
  readonly min: number
  readonly max: number
  readonly integer?: boolean
}

export interface BooleanField {
  readonly type: 'boolean'
  readonly label: Words
  readonly labels: { readonly true: Words; readonly false: Words }
}

export interface EnumField {
  readonly type: 'enum'
  readonly label: Words
  readonly labels: Readonly<Record<string, Words>>
}

export type FieldDefinition = NumberField | BooleanField | EnumField
export type FieldValue = number | boolean | string
export type FieldValues = Readonly<Record<string, FieldValue>>

export interface KindDefinition {
  /** The word in the topic, e.g. `fence-zone`. */
  readonly kind: string
  readonly name: Words
  readonly fields: Readonly<Record<string, FieldDefinition>>
  /** Event codes of the native format; elevators carry a scheme instead (`schemes`). */
  readonly events: readonly string[]
  /** Fault-code schemes: scheme → the code on the wire → our alarm code; `null` = an event that raises nothing. */
  readonly schemes?: Readonly<Record<string, Readonly<Record<string, string | null>>>>
  /** How long until the next telemetry is due, given the newest values (a moving lift reports more often). */
  readonly expectedIntervalMs: (values: FieldValues) => number
  /** Default rules, one for each alarm code of this kind. */
  readonly rules: readonly AlarmRule[]
}
