/** The bays as four paths by what is known of them: hundreds of bays cost four elements. */
import type { DeviceState } from '../../../../../domain/live.ts'
import { deviceKey } from '../../../live/device-key.ts'
import type { PlanGeometry } from '../../../plan/plan-geometry.ts'
import { diagonalPath, ringPath } from './ground.ts'

export interface BayShape {
  readonly id: string
  readonly outline: string
  readonly diagonal: string
}

export interface BayPaths {
  readonly taken: string
  readonly free: string
  readonly closed: string
  readonly unknown: string
}

export function bayShapes(plan: Pick<PlanGeometry, 'bays'>): BayShape[] {
  return plan.bays.map(({ id, ring }) => ({ id, outline: ringPath([ring]), diagonal: diagonalPath(ring) }))
}

/** What a bay is, or `unknown` for everything that is not heard in time: never free. */
export function bayStatus(state: DeviceState | undefined, live: boolean): keyof BayPaths {
  if (!live || state?.status !== 'online') return 'unknown'
  const status = state.reading?.['status']
  return status === 'occupied' ? 'taken' : status === 'free' ? 'free' : status === 'closed' ? 'closed' : 'unknown'
}

export function bayPaths(shapes: readonly BayShape[], devices: ReadonlyMap<string, DeviceState>, live: boolean): BayPaths {
  const paths = { taken: '', free: '', closed: '', unknown: '' }
  for (const { id, outline, diagonal } of shapes) {
    const status = bayStatus(devices.get(deviceKey('parking-bay', id)), live)
    paths[status] += status === 'closed' ? outline + diagonal : outline
  }
  return paths
}
