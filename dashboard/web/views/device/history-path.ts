/** The call that asks for a device's history. */
import type { EpochMs } from '../../../../domain/clock.ts'
import type { DeviceId } from '../../../../domain/reading.ts'
import type { History } from '../../../../domain/telemetry.ts'

export interface HistorySpan {
  readonly fields: readonly string[]
  readonly from: EpochMs
  readonly to: EpochMs
  readonly points: number
}

export interface HistoryAnswer {
  readonly fields: History
}

export function historyPath({ estate, kind, device }: DeviceId, { fields, from, to, points }: HistorySpan): string {
  const query = new URLSearchParams({ fields: fields.join(','), from: String(from), to: String(to), points: String(points) })
  return `/estates/${estate}/${kind}/${device}/history?${query.toString()}`
}
