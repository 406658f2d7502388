/** What a wire format is: it puts a payload into plain statements about devices; `decode` then checks them against the kinds, the estate and the clock. */
import type { DeviceId } from '../../domain/reading.ts'
import type { Rejection } from '../../domain/rejection.ts'

export interface WireMessage {
  readonly topic: string
  readonly payload: Uint8Array
}

/** Not yet checked: `fields`, `ts`, `code` and `active` may hold anything that the sender wrote. */
export type Statement =
  | {
      readonly type: 'telemetry'
      /** Epoch ms; undefined: the arrival time. */
      readonly ts: unknown
      /** `ts` may be among them: it is no field. */
      readonly fields: Readonly<Record<string, unknown>>
      /** The element of an array it was in. */
      readonly index?: number
    }
  | {
      readonly type: 'event'
      readonly ts: unknown
      readonly code: unknown
      readonly active: unknown
      /** Undefined: `code` is one of ours. */
      readonly scheme: unknown
      /** Further fields of the kind, such as `chainage_m`. */
      readonly fields: Readonly<Record<string, unknown>>
    }
  | { readonly type: 'availability'; readonly online: boolean }
  | ({ readonly type: 'unreadable' } & Rejection)

/** What one message says about one device. */
export interface Statements {
  readonly device: DeviceId
  readonly statements: readonly Statement[]
}

export interface WireFormat {
  readonly name: string
  /** Whether messages on this topic are in this format. */
  accepts(topic: string): boolean
  /** Pure. Whatever the payload holds it answers, with `unreadable` if need be. Called only for topics it accepts. */
  read(message: WireMessage): readonly Statements[]
}
