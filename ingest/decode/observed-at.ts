/** Decides which instant a message is about: the device's clock counts unless it cannot be true. */
import { DAY_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/clock.ts'
import type { Rejection } from '../../domain/rejection.ts'
import { quote } from '../formats/json.ts'

/** A device whose clock runs further ahead has a clock fault; live state and alarms then use the arrival time. */
export const CLOCK_AHEAD_MS = 10 * SECOND_MS
/** Readings further ahead are not stored. */
export const MOST_AHEAD_MS = 5 * MINUTE_MS
const LATEST_INSTANT = 8.64e15 // ECMA-262 §21.4.1.1

export type ObservedAt =
  | {
      readonly ok: true
      readonly observedAt: EpochMs
      readonly clockAheadMs?: number
      /** Why a reading of this instant is not stored. */
      readonly notStored?: Rejection
    }
  | { readonly ok: false; readonly rejection: Rejection }

/** `rawDays` 0 keeps everything, so nothing is too old. */
export function readObservedAt(
  ts: unknown,
  { receivedAt, rawDays }: { readonly receivedAt: EpochMs; readonly rawDays: number },
): ObservedAt {
  if (ts === undefined || ts === null) return { ok: true, observedAt: receivedAt }
  if (typeof ts !== 'number' || !Number.isInteger(ts) || ts < 0 || ts > LATEST_INSTANT)
    return {
      ok: false,
      rejection: {
        reason: 'bad-timestamp',
        field: 'ts',
        detail: `ts is ${quote(ts)}; send whole milliseconds since 1970, or leave it out.`,
        value: quote(ts),
      },
    }
  const aheadMs = ts - receivedAt
  if (aheadMs > CLOCK_AHEAD_MS)
    return {
      ok: true,
      observedAt: receivedAt,
      clockAheadMs: aheadMs,
      ...(aheadMs > MOST_AHEAD_MS && {
        notStored: {
          reason: 'ts-ahead',
          field: 'ts',
          detail: `ts is ${Math.round(aheadMs / SECOND_MS)} s ahead of our clock; set the device's clock. Not stored, but shown and judged.`,
          value: quote(ts),
        } satisfies Rejection,
      }),
    }
  if (rawDays > 0 && -aheadMs > rawDays * DAY_MS)
    return {
      ok: true,
      observedAt: ts,
      notStored: {
        reason: 'ts-too-old',
        field: 'ts',
        detail: `ts is ${Math.floor(-aheadMs / DAY_MS)} days old and raw data is kept ${rawDays}; ts is in milliseconds. Not stored, but shown and judged.`,
        value: quote(ts),
      },
    }
  return { ok: true, observedAt: ts }
}
