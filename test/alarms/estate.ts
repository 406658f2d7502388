/** A small estate for tests of the alarms: a square fence of four zones, cameras on it, bays, a lift, two gateways. */
import { projectionAt } from '../../domain/geometry.ts'
import type { Estate, EstateDevice } from '../../domain/estate.ts'

export const ESTATE = 'test-estate'
const SIDE_M = 100
const projection = projectionAt([121.45, 31.31])
const at = (x: number, y: number) => projection.toPosition({ x, y })

function device(kind: string, id: string, site: Record<string, unknown>, gateway: string | undefined = 'gw-1'): EstateDevice {
  return { id, kind, name: id, site, ...(kind === 'gateway' || gateway === '' ? {} : { gateway }) }
}

export function estate(change: Partial<Estate> = {}): Estate {
  const corners = [at(0, 0), at(0, SIDE_M), at(SIDE_M, SIDE_M), at(SIDE_M, 0), at(0, 0)]
  return {
    id: ESTATE,
    name: '试验小区',
    bearingDeg: 0,
    plan: { type: 'FeatureCollection', features: [] },
    blocks: [],
    fence: { line: { type: 'LineString', coordinates: corners }, lengthM: 4 * SIDE_M, openings: [] },
    lifts: [],
    devices: [
      device('gateway', 'gw-1', { position: at(50, 50) }),
      device('gateway', 'gw-2', { position: at(50, 50) }),
      ...[1, 2, 3, 4].map((n) => device('fence-zone', `zone-${n}`, { fromM: (n - 1) * SIDE_M, toM: n * SIDE_M })),
      // Camera 1 stands in the south-west corner and looks along zone 1 (west side); 2 beside it; 3 far away in the middle.
      device('camera', 'cam-1', { position: at(0, 0), bearingDeg: 0, fovDeg: 60, rangeM: 46 }),
      device('camera', 'cam-2', { position: at(10, 0), bearingDeg: 180, fovDeg: 60, rangeM: 46 }),
      device('camera', 'cam-3', { position: at(90, 90), bearingDeg: 225, fovDeg: 60, rangeM: 46 }),
      device('parking-bay', 'bay-1', { use: 'bay' }),
      device('parking-bay', 'bay-fire', { use: 'fire-lane' }),
      device('parking-bay', 'bay-green', { use: 'green' }),
      device('elevator', 'lift-1', { position: at(50, 50), block: 'b1', floors: [1, 2, 3, 4, 5, 6], floorHeightM: 2.9 }),
    ],
    people: [
      { id: 'guard', name: '值班员甲', title: '安保值班' },
      { id: 'engineer', name: '工程员甲', title: '物业工程' },
      { id: 'head', name: '决策人甲', title: '业委会主任' },
    ],
    duties: [
      { duty: 'responsible', for: {}, person: 'guard' },
      { duty: 'responsible', for: { kind: 'elevator' }, person: 'engineer' },
      { duty: 'decision-maker', for: {}, person: 'head' },
    ],
    ...change,
  }
}
