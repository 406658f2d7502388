/** What the two InfluxDB stores need of their server; each is one file that knows one client library. */
import type { EpochMs } from '../../domain/clock.ts'
import type { FieldValue } from '../../domain/device-kind.ts'
import type { LatestRow } from '../../domain/telemetry.ts'
import { MEASUREMENTS, type FieldType } from './schema.ts'

export interface InfluxPoint {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, FieldValue>>
  /** Microseconds since 1970, in decimal digits. */
  readonly micros: string
}

export type Kept = 'raw' | 'minutes'

/** The server takes no point like this (HTTP 400): the batch is to be looked at piece by piece. Others of the batch may have been taken. */
export class PointsRefused extends Error {}

export interface BucketQuery {
  readonly estate: string
  readonly device: string
  readonly kind: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly start: EpochMs
  readonly widthMs: number
}

/** `bucket` counts from the query's `start`. */
export interface BucketRow {
  readonly field: string
  readonly bucket: number
  readonly min: number
  readonly max: number
  readonly sum: number
  readonly count: number
}

export interface Stretch {
  readonly from: EpochMs
  /** Exclusive. */
  readonly to: EpochMs
}

/** Everything throws AppError `store-down` when the server cannot be reached, is full, too slow, or lacks what `ensure` makes. */
export interface InfluxServer {
  readonly name: 'influx1' | 'influx2'
  /** Makes the database, policies or buckets that are missing, with their retention. */
  ensure(): Promise<void>
  /** Takes lines of the line protocol, times in microseconds. @throws PointsRefused */
  write(kept: Kept, lines: readonly string[]): Promise<void>
  /** The newest values of one number of ours, newest first, at most two. */
  readOwn(measurement: string, field: string, kept: Kept): Promise<readonly number[]>
  /** The instants of points of one measurement whose field is not 0. */
  readMarks(measurement: string, field: string): Promise<readonly { readonly kind: string; readonly ts: EpochMs }[]>
  /** Raw values in buckets; booleans as 0 and 1. */
  rawBuckets(query: BucketQuery, fields: readonly string[]): Promise<readonly BucketRow[]>
  /** One-minute rows in buckets: each minute counts once. */
  minuteBuckets(query: BucketQuery, fields: readonly string[]): Promise<readonly BucketRow[]>
  /** Makes the one-minute rows of a kind for whole minutes anew. */
  downsample(kind: string, stretch: Stretch): Promise<void>
  latest(estate: string, kind: string): Promise<readonly LatestRow[]>
  /** Connections opened so far. */
  opened(): number
  close(): Promise<void>
}

export const OWN = {
  cursor: { measurement: 'estatewatch_cursor', field: 'seq', kept: 'raw' },
  /** Up to which instant minutes are made. */
  minutes: { measurement: 'estatewatch_minutes', field: 'upto', kept: 'minutes' },
  /** A minute of a kind (tag) that got data after it was made: 1, and 0 once it is made anew. */
  late: { measurement: 'estatewatch_late', field: 'open', kept: 'raw' },
} as const

/** Types of our own fields and of all the others. */
export function fieldTypesOf(measurement: string): Readonly<Record<string, FieldType>> {
  const own = Object.values(OWN).find((known) => known.measurement === measurement)
  return own ? { [own.field]: 'float' } : (MEASUREMENTS.get(measurement)?.fields ?? {})
}
