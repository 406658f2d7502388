/** The overview as a CSV file (RFC 4180, with a byte order mark so that spreadsheets read the Chinese). */
import type { EpochMs } from '../../../../domain/clock.ts'
import type { EstateSummary } from '../../../../domain/live.ts'
import { hasData } from './order-estates.ts'

export const CSV_KINDS = ['camera', 'fence-zone', 'parking-bay', 'elevator', 'gateway'] as const

/** Coverage of an estate without data is left empty: not known is not zero. Alarms are the engine's, and stay. */
export function estatesCsv(estates: readonly EstateSummary[], now: EpochMs): string {
  const head = [
    'id',
    'name',
    ...['p1', 'p2', 'p3'].flatMap((priority) => [priority, `${priority}_unacknowledged`]),
    'oldest_unacknowledged_s',
    ...CSV_KINDS.flatMap((kind) => [`${kind}_online`, `${kind}_total`]),
    'fence_m_watched',
    'fence_m_total',
    'data_age_s',
  ]
  return '\ufeff' + [head, ...estates.map((estate) => row(estate, now))].map((cells) => cells.map(cell).join(',') + '\r\n').join('')
}

function row(estate: EstateSummary, now: EpochMs): readonly (string | number)[] {
  const known = hasData(estate, now)
  const { standing, unacknowledged } = estate
  const counts = [standing.p1, unacknowledged.p1, standing.p2, unacknowledged.p2, standing.p3, unacknowledged.p3]
  return [
    estate.id,
    estate.name,
    ...counts,
    seconds(estate.oldestUnacknowledgedAt, now),
    ...CSV_KINDS.flatMap((kind) => {
      const { online, total } = estate.devices[kind] ?? { online: 0, total: 0 }
      return [known ? online : '', total]
    }),
    known ? (estate.fenceM?.watched ?? 0) : '',
    estate.fenceM?.total ?? 0,
    seconds(estate.newestReceivedAt, now),
  ]
}

function seconds(at: EpochMs | null, now: EpochMs): number | string {
  return at === null ? '' : Math.max(0, Math.round((now - at) / 1000))
}

function cell(value: string | number): string {
  const text = String(value)
  // A leading = + - @ would be run as a formula by a spreadsheet.
  const safe = typeof value === 'string' && /^[=+\-@]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
