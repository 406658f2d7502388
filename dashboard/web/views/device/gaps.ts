/** Cuts a history where nothing was heard, so that no line is ever drawn across time that nobody knows. */
import type { EpochMs } from '../../../../domain/clock.ts'
import type { HistoryRow } from '../../../../domain/telemetry.ts'

export interface Span {
  readonly from: EpochMs
  readonly to: EpochMs
}

export interface CutHistory {
  /** Runs of rows without a gap between them. */
  readonly runs: readonly (readonly HistoryRow[])[]
  readonly gaps: readonly Span[]
}

export interface CutOptions extends Span {
  /** Width of one bucket, ms. */
  readonly bucketMs: number
  /** How long until the next reading is due; twice that without one is a gap. */
  readonly expectedMs: number
}

export function cutAtGaps(rows: readonly HistoryRow[], { from, to, bucketMs, expectedMs }: CutOptions): CutHistory {
  const allowedMs = Math.max(2 * expectedMs, 1.5 * bucketMs)
  const runs: HistoryRow[][] = []
  const gaps: Span[] = []
  let heardUntil = from
  for (const row of rows) {
    const [at] = row
    const isFirst = runs.length === 0
    if (at - heardUntil > allowedMs) gaps.push({ from: heardUntil, to: at })
    if (isFirst || at - heardUntil > allowedMs) runs.push([row])
    else runs.at(-1)!.push(row)
    heardUntil = Math.min(at + bucketMs, to)
  }
  if (to - heardUntil > allowedMs || rows.length === 0) gaps.push({ from: heardUntil, to })
  return { runs, gaps }
}

/** The server's bucket: the span in equal parts. */
export function bucketMsOf({ from, to }: Span, points: number): number {
  return Math.max(1, (to - from) / points)
}
