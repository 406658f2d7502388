/** Why a message was not understood or not allowed: one union, counted by reason and shown on the operations page. */
export const REJECTION_REASONS = [
  'not-allowed', // published outside the credential's rights
  'bad-topic', // not estates/<estate>/<kind>/<device>/<channel>
  'unknown-kind',
  'unknown-channel',
  'unknown-device', // the estate's file does not have it
  'not-utf8',
  'not-json',
  'not-an-object',
  'too-many-elements', // an array of more than 1,000
  'bad-timestamp', // ts is not epoch ms
  'ts-ahead', // more than 5 min ahead of our clock: not stored
  'ts-too-old', // older than the raw retention: not stored
  'wrong-type',
  'out-of-range',
  'unknown-value', // a word that the field does not have
  'no-known-field',
  'unknown-code', // an event code that the kind does not have
  'unknown-scheme',
  'refused-by-store', // the telemetry store refused this point for good
  'internal-error',
] as const

export type RejectionReason = (typeof REJECTION_REASONS)[number]

export interface Rejection {
  readonly reason: RejectionReason
  /** One sentence that names the field, the rule and what to do. */
  readonly detail: string
  readonly field?: string
  /** The field's value as it was sent, as JSON, at most 60 characters. */
  readonly value?: string
  /** The element of a telemetry array it is about. */
  readonly index?: number
}
