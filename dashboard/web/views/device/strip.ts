/** A lift's strip: where the car was as a stepped line, and beneath it when it moved, was level and had someone in it. */
import type { EpochMs } from '../../../../domain/clock.ts'
import type { HistoryRow } from '../../../../domain/telemetry.ts'
import { cutAtGaps, type CutOptions, type Span } from './gaps.ts'

/** Stretches of time in which a boolean (or a speed) was more than nothing. */
export function bandSpans(rows: readonly HistoryRow[], options: CutOptions): readonly Span[] {
  const { runs } = cutAtGaps(rows, options)
  const spans: Span[] = []
  for (const run of runs)
    for (const [i, [at, , , max]] of run.entries()) {
      if (max <= 0) continue
      // A value stands until the next reading; past the last one of a run only for its own bucket.
      const until = Math.min(run[i + 1]?.[0] ?? at + options.bucketMs, options.to)
      const last = spans.at(-1)
      if (last?.to === at) spans[spans.length - 1] = { from: last.from, to: until }
      else spans.push({ from: at, to: until })
    }
  return spans
}

export interface StripScale {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly left: number
  readonly width: number
}

export function timeToX(at: EpochMs, { from, to, left, width }: StripScale): number {
  return left + (Math.min(Math.max(at, from), to) - from) * (width / Math.max(1, to - from))
}

/** SVG path of the floors, broken where nothing was heard; steps, because a floor is a whole number. */
export function floorPath(
  rows: readonly HistoryRow[],
  options: CutOptions & { readonly x: (at: EpochMs) => number; readonly y: (floor: number) => number },
): string {
  const { runs } = cutAtGaps(rows, options)
  return runs
    .map((run) => {
      const steps = run.map(([at, , mean], i) => {
        const x = round(options.x(at))
        return i === 0 ? `M${x} ${round(options.y(mean))}` : `H${x}V${round(options.y(mean))}`
      })
      const lastAt = run.at(-1)![0]
      return `${steps.join('')}H${round(options.x(Math.min(lastAt + options.bucketMs, options.to)))}`
    })
    .join('')
}

function round(px: number): number {
  return Math.round(px * 10) / 10
}
