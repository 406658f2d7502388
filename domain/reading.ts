/** What a message says once it is understood: a reading, an event or an availability, each of one device at one instant. */
import type { EpochMs } from './clock.ts'
import type { FieldValues } from './device-kind.ts'
import type { Rejection } from './rejection.ts'

export interface DeviceId {
  readonly estate: string
  readonly kind: string
  readonly device: string
}

interface Observed extends DeviceId {
  /** The device's clock; the arrival time where the message bore none or ran more than 10 s ahead. */
  readonly observedAt: EpochMs
  /** When the broker took the message in. */
  readonly receivedAt: EpochMs
  /** How far the device's own `ts` ran ahead of ours, when more than 10 s; `observedAt` is then `receivedAt`, so `ts` = `receivedAt` + this. */
  readonly clockAheadMs?: number
}

/** Values of one device at one instant. Fields it did not send are absent. */
export interface Reading extends Observed {
  readonly type: 'reading'
  readonly values: FieldValues
  /** `false` where `ts` is more than 5 min ahead or older than the raw retention: live state and alarms only. */
  readonly stored: boolean
}

/** Something began or ended: `code` is our alarm code; a lift's bears its scheme and its code on the wire too. */
export interface DeviceEvent extends Observed {
  readonly type: 'event'
  readonly code: string
  readonly active: boolean
  readonly scheme?: string
  readonly wireCode?: string
  /** Further known fields of the kind, such as `chainage_m`. */
  readonly values: FieldValues
}

/** `online` or `offline`, said by the device itself or by its will. */
export interface Availability extends Observed {
  readonly type: 'availability'
  readonly online: boolean
}

export type Observation = Reading | DeviceEvent | Availability

/** The outcome for one message or one element of an array. */
export type Decoded =
  { readonly ok: true; readonly observation: Observation; readonly unknownFields: readonly string[] } | ({ readonly ok: false } & Rejection)

/** A key that is unique over all estates; `/` cannot occur in an id. */
export function deviceKey(id: DeviceId): string {
  return `${id.estate}/${id.kind}/${id.device}`
}
