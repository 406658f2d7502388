/** Decides how a stretch of history is cut into buckets and whether it is read from raw data or from one-minute data; gathers the buckets. */
import { MINUTE_MS, type EpochMs } from '../../domain/clock.ts'
import type { History, HistoryQuery, HistoryRow } from '../../domain/telemetry.ts'

export interface HistoryPlan {
  readonly source: 'raw' | 'minutes'
  readonly start: EpochMs
  readonly widthMs: number
}

/** Both ends belong to the stretch. `rawFrom` is the oldest instant of which raw data is kept. */
export function planHistory({ from, to, points }: Pick<HistoryQuery, 'from' | 'to' | 'points'>, rawFrom: EpochMs = -Infinity): HistoryPlan {
  const most = Math.max(1, Math.floor(points))
  const widthMs = Math.max(1, Math.ceil((to - from + 1) / most))
  if (widthMs < MINUTE_MS && from >= rawFrom) return { source: 'raw', start: from, widthMs }
  const start = Math.floor(from / MINUTE_MS) * MINUTE_MS
  const minutes = Math.ceil((to - start + 1) / MINUTE_MS)
  return { source: 'minutes', start, widthMs: Math.ceil(minutes / most) * MINUTE_MS }
}

export interface Sums {
  readonly min: number
  readonly max: number
  readonly sum: number
  readonly count: number
}

export interface Buckets {
  add(field: string, bucket: number, sums: Sums): void
  /** One value at one instant; what is outside the plan falls away. */
  addValue(field: string, ts: EpochMs, value: number): void
  toHistory(): History
}

export function makeBuckets(plan: HistoryPlan, { fields, from, to }: Pick<HistoryQuery, 'fields' | 'from' | 'to'>): Buckets {
  const byField = new Map(fields.map((field) => [field, new Map<number, Sums>()]))
  const add = (field: string, bucket: number, sums: Sums) => {
    const rows = byField.get(field)
    const known = rows?.get(bucket)
    rows?.set(
      bucket,
      known
        ? {
            min: Math.min(known.min, sums.min),
            max: Math.max(known.max, sums.max),
            sum: known.sum + sums.sum,
            count: known.count + sums.count,
          }
        : sums,
    )
  }
  const toRow = (bucket: number, { min, max, sum, count }: Sums): HistoryRow => {
    const mean = Math.min(max, Math.max(min, sum / count)) // a sum of floats may leave the range by a hair
    return [Math.max(from, plan.start + bucket * plan.widthMs), min, mean, max]
  }
  return {
    add,
    addValue: (field, ts, value) => {
      if (ts >= from && ts <= to) add(field, Math.floor((ts - plan.start) / plan.widthMs), { min: value, max: value, sum: value, count: 1 })
    },
    toHistory: () =>
      Object.fromEntries(
        [...byField].map(([field, rows]) => [field, [...rows].sort(([a], [b]) => a - b).map(([bucket, sums]) => toRow(bucket, sums))]),
      ),
  }
}
