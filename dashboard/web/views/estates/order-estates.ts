/** Puts the estates worst first, and tells which of them nothing is known of. */
import { MINUTE_MS, type EpochMs } from '../../../../domain/clock.ts'
import type { EstateSummary } from '../../../../domain/live.ts'

/** Gateways and cameras speak every 30 s; an estate silent for twice that is not known. */
export const NO_DATA_AFTER_MS = MINUTE_MS

/** An estate without a single device has nothing to be silent about. */
export function hasData(estate: EstateSummary, now: EpochMs): boolean {
  if (!hasDevices(estate)) return true
  return estate.newestReceivedAt !== null && now - estate.newestReceivedAt <= NO_DATA_AFTER_MS
}

export function hasDevices(estate: EstateSummary): boolean {
  return Object.values(estate.devices).some(({ total }) => total > 0)
}

/** Calm = known, and nothing stands: those come below the ruled line. */
export function isCalm(estate: EstateSummary, now: EpochMs): boolean {
  const { p1, p2, p3 } = estate.standing
  return hasData(estate, now) && p1 + p2 + p3 === 0
}

/** Urgent → no data → high → oldest unacknowledged → low → how much is unseen → name. */
export function orderEstates(estates: readonly EstateSummary[], now: EpochMs): readonly EstateSummary[] {
  const keyed = estates.map((estate) => ({ estate, key: badness(estate, now) }))
  return keyed.sort((a, b) => compareKeys(a.key, b.key) || compareText(a.estate, b.estate)).map(({ estate }) => estate)
}

/** Larger is worse, compared from the left. */
function badness(estate: EstateSummary, now: EpochMs): readonly number[] {
  const { standing, unacknowledged, oldestUnacknowledgedAt } = estate
  return [
    unacknowledged.p1,
    standing.p1,
    hasData(estate, now) ? 0 : 1,
    Math.sign(unacknowledged.p2),
    standing.p2,
    oldestUnacknowledgedAt === null ? 0 : now - oldestUnacknowledgedAt,
    standing.p3,
    unseen(estate),
  ]
}

function unseen({ devices }: EstateSummary): number {
  return Object.values(devices).reduce((sum, { total, online }) => sum + total - online, 0)
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) if (value !== b[i]) return b[i]! - value
  return 0
}

function compareText(a: EstateSummary, b: EstateSummary): number {
  return a.name.localeCompare(b.name, 'zh') || a.id.localeCompare(b.id)
}
