/** The row of sums above the table: what stands, what waits, and how many estates are known at all. */
import type { EpochMs } from '../../../../domain/clock.ts'
import type { EstateSummary } from '../../../../domain/live.ts'
import { hasData } from './order-estates.ts'

export interface Coverage {
  readonly online: number
  readonly total: number
}

export interface EstateSums {
  readonly estates: number
  readonly withData: number
  readonly standing: { readonly p1: number; readonly p2: number; readonly p3: number }
  readonly unacknowledged: { readonly p1: number; readonly p2: number; readonly p3: number }
  /** By kind, of fences in metres; an estate without data adds to `total` alone. */
  readonly devices: Readonly<Record<string, Coverage>>
}

export function sumEstates(estates: readonly EstateSummary[], now: EpochMs): EstateSums {
  const devices: Record<string, Coverage> = {}
  for (const estate of estates)
    for (const kind of Object.keys(estate.devices)) {
      const { total, online } = coverageOf(estate, kind)
      const sum = devices[kind] ?? { total: 0, online: 0 }
      devices[kind] = { total: sum.total + total, online: sum.online + (hasData(estate, now) ? online : 0) }
    }
  return {
    estates: estates.length,
    withData: estates.filter((estate) => hasData(estate, now)).length,
    standing: addUp(estates.map(({ standing }) => standing)),
    unacknowledged: addUp(estates.map(({ unacknowledged }) => unacknowledged)),
    devices,
  }
}

/** How much of a kind an estate has and how much of it is seen: of a fence metres, of everything else devices. */
export function coverageOf({ devices, fenceM }: EstateSummary, kind: string): Coverage {
  if (kind === 'fence-zone' && fenceM) return { total: fenceM.total, online: fenceM.watched }
  return devices[kind] ?? { total: 0, online: 0 }
}

function addUp(counts: readonly EstateSummary['standing'][]): EstateSums['standing'] {
  return counts.reduce((sum, { p1, p2, p3 }) => ({ p1: sum.p1 + p1, p2: sum.p2 + p2, p3: sum.p3 + p3 }), { p1: 0, p2: 0, p3: 0 })
}

/** Shares under which a kind's coverage stands out; a lift that is not seen always does. */
const TARGETS: Readonly<Record<string, number>> = { camera: 0.985, 'fence-zone': 0.985, 'parking-bay': 0.95, elevator: 1, gateway: 1 }

export function isBelowTarget(kind: string, { online, total }: Coverage): boolean {
  return total > 0 && online / total < (TARGETS[kind] ?? 1)
}
