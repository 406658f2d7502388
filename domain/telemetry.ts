/** The port every telemetry store fills: points in, history out, and the ingest cursor kept beside the data. */
import type { EpochMs } from './clock.ts'
import type { FieldValues } from './device-kind.ts'

/** One row of one device; measurement = kind or `<kind>_event`. */
export interface TelemetryPoint {
  readonly measurement: string
  readonly estate: string
  readonly device: string
  /** `observedAt`, epoch ms. */
  readonly ts: EpochMs
  readonly values: FieldValues
}

export interface RefusedPoint {
  readonly point: TelemetryPoint
  readonly detail: string
}

export interface HistoryQuery {
  readonly estate: string
  readonly kind: string
  readonly device: string
  readonly fields: readonly string[]
  readonly from: EpochMs
  readonly to: EpochMs
  /** At most this many buckets. */
  readonly points: number
}

/** `[bucket start, min, mean, max]`, oldest first; empty buckets are left out, never filled. Booleans count as 0 and 1; words are not in it. */
export type HistoryRow = readonly [EpochMs, number, number, number]
export type History = Readonly<Record<string, readonly HistoryRow[]>>

export interface LatestRow {
  readonly kind: string
  readonly device: string
  readonly ts: EpochMs
  readonly values: FieldValues
}

/** @throws AppError `store-down` when the store cannot be reached, is full or is too slow: the caller keeps its cursor and tries again. */
export interface TelemetryStore {
  readonly name: 'sqlite' | 'influx1' | 'influx2'
  /** So many calls of `write` may be under way, 1 unless told; their cursors are written in the order of the calls, and after one that failed none. */
  readonly writesAtOnce?: number
  /** Writes all points, then the cursor. Points refused for good are handed back; all others are stored. Writing twice changes nothing. */
  write(points: readonly TelemetryPoint[], cursor: number): Promise<readonly RefusedPoint[]>
  /** The journal number up to which this store holds everything; undefined for a store that came back empty. */
  cursor(): Promise<number | undefined>
  history(query: HistoryQuery): Promise<History>
  latest(estate: string): Promise<readonly LatestRow[]>
  /** Down-samples to one minute and drops what is past its retention; may be killed at any moment and goes on where it was. */
  maintain(now: EpochMs): Promise<void>
  /** Raw hours of a kind that had to go because the disk was short, since the beginning; only where they lie on a disk of ours. */
  trimmedHours?(): number
  close(): Promise<void>
}
