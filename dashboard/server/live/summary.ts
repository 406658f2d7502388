/** One line of the overview: how an estate is, worst things first. */
import type { Estate } from '../../../domain/estate.ts'
import type { EstateSummary } from '../../../domain/live.ts'
import type { LiveState } from './live-state.ts'

export function summarise(estate: Estate, live: LiveState): EstateSummary {
  return {
    id: estate.id,
    name: estate.name,
    ...(estate.nameEn !== undefined && { nameEn: estate.nameEn }),
    ...live.coverage(estate),
    ...live.alarms.count(estate.id),
    newestReceivedAt: live.newestReceivedAt(estate.id),
  }
}
