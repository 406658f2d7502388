/** The ground: one boundary, outlines that do not cross themselves, and everything that stands on the estate inside it. */
import type { ElevatorSite } from '../devices/elevator/site.ts'
import type { ParkingBaySite } from '../devices/parking-bay/site.ts'
import { siteOf, type Estate, type EstateDevice } from '../domain/estate.ts'
import type { Polygon, Position } from '../domain/geojson.ts'
import {
  areaM2,
  centroid,
  crossesItself,
  distanceToLineM,
  isInside,
  projectionAt,
  toMetresRings,
  type Projection,
  type XY,
} from '../domain/geometry.ts'
import type { Broken, Disagreement } from './disagreement.ts'
import type { Path } from './document.ts'

/** How far outside something may lie before it is named: survey error for ground, and cameras hang on poles across the road. */
export const PLAN_TOLERANCE = { groundM: 0.5, positionM: 50, liftFromBlockM: 30 } as const

interface Ground {
  readonly projection: Projection
  readonly rings: readonly (readonly XY[])[]
}

export function checkPlan(estate: Estate, broken: Broken): Disagreement[] {
  const bays = estate.devices.flatMap((device, i) => {
    const { area } = siteOf<Partial<ParkingBaySite>>(device)
    return device.kind === 'parking-bay' && area !== undefined ? [{ i, id: device.id, area }] : []
  })
  const outlines = [
    ...estate.plan.features.flatMap(({ geometry }, i) =>
      geometry.type === 'Polygon' ? [{ path: ['plan', 'features', i, 'geometry'], polygon: geometry }] : [],
    ),
    ...estate.blocks.map(({ outline }, i) => ({ path: ['blocks', i, 'outline'], polygon: outline })),
    ...bays.map(({ i, area }) => ({ path: ['devices', i, 'site', 'area'], polygon: area })),
  ]
  const boundaries = estate.plan.features.flatMap(({ properties, geometry }, i) =>
    properties['kind'] === 'boundary' ? [{ i, geometry }] : [],
  )
  const faults = [...outlines.flatMap(({ path, polygon }) => outlineFaults(path, polygon)), ...boundaryFaults(boundaries, broken)]
  const boundary = boundaries.length === 1 ? boundaries[0]!.geometry : undefined
  if (boundary?.type !== 'Polygon') return faults

  const projection = projectionAt(boundary.coordinates[0]![0]!)
  const ground: Ground = { projection, rings: toMetresRings(projection, boundary) }
  return [
    ...faults,
    ...estate.blocks.flatMap(({ id, outline }, i) =>
      groundFaults(ground, outline, { path: ['blocks', i, 'outline'], what: `block ${id}` }),
    ),
    ...bays.flatMap(({ i, id, area }) => groundFaults(ground, area, { path: ['devices', i, 'site', 'area'], what: `parking bay ${id}` })),
    ...estate.devices.flatMap((device, i) => positionFaults(ground, device, i)),
    ...(broken.has('blocks') ? [] : estate.devices.flatMap((device, i) => liftFaults(ground, estate, { device, i }))),
  ]
}

function boundaryFaults(
  boundaries: readonly { readonly i: number; readonly geometry: { readonly type: string } }[],
  broken: Broken,
): Disagreement[] {
  if (boundaries.length === 0)
    return broken.has('plan')
      ? []
      : [{ path: ['plan', 'features'], rule: 'the plan has no boundary: add a Polygon with properties {kind: boundary} around the estate' }]
  const wrong = boundaries.filter(({ geometry }) => geometry.type !== 'Polygon')
  return [
    ...wrong.map(({ i }) => ({ path: ['plan', 'features', i, 'geometry'], rule: 'the boundary must be a Polygon' })),
    ...boundaries.slice(1).map(({ i }) => ({ path: ['plan', 'features', i], rule: 'the plan has a boundary already: an estate has one' })),
  ]
}

function outlineFaults(path: Path, polygon: Polygon): Disagreement[] {
  const rings = toMetresRings(projectionAt(polygon.coordinates[0]![0]!), polygon)
  if (rings.some(crossesItself)) return [{ path, rule: 'the outline crosses itself: give its corners in their order around it' }]
  if (areaM2(rings[0]!) < 0.1) return [{ path, rule: 'the outline has no area: give at least three corners that are apart' }]
  return []
}

function groundFaults(
  { projection, rings }: Ground,
  polygon: Polygon,
  { path, what }: { readonly path: Path; readonly what: string },
): Disagreement[] {
  const corners = toMetresRings(projection, polygon)[0]!.slice(1)
  const outM = Math.max(...[...corners, centroid(corners)].map((corner) => outsideM(rings, corner)))
  return outM <= PLAN_TOLERANCE.groundM
    ? []
    : [{ path, rule: `${what} lies up to ${outM.toFixed(1)} m outside the boundary: mend its corners or the boundary` }]
}

function positionFaults({ projection, rings }: Ground, device: EstateDevice, i: number): Disagreement[] {
  const { position } = siteOf<{ readonly position?: Position }>(device)
  if (position === undefined) return []
  const outM = outsideM(rings, projection.toMetres(position))
  return outM <= PLAN_TOLERANCE.positionM
    ? []
    : [
        {
          path: ['devices', i, 'site', 'position'],
          rule: `${device.kind} ${device.id} stands ${Math.round(outM)} m outside the boundary (${PLAN_TOLERANCE.positionM} m are allowed): mend the position; longitude comes first`,
        },
      ]
}

function liftFaults(
  { projection }: Ground,
  estate: Estate,
  { device, i }: { readonly device: EstateDevice; readonly i: number },
): Disagreement[] {
  if (device.kind !== 'elevator') return []
  const { position, block } = siteOf<Partial<ElevatorSite>>(device)
  const outline = estate.blocks.find(({ id }) => id === block)?.outline
  if (position === undefined || outline === undefined) return []
  const awayM = outsideM(toMetresRings(projection, outline), projection.toMetres(position))
  return awayM <= PLAN_TOLERANCE.liftFromBlockM
    ? []
    : [
        {
          path: ['devices', i, 'site', 'position'],
          rule: `lift ${device.id} stands ${Math.round(awayM)} m from ${block ?? ''} (${PLAN_TOLERANCE.liftFromBlockM} m are allowed): mend the position or the block`,
        },
      ]
}

/** 0 inside, else the distance to the outline. */
function outsideM(rings: readonly (readonly XY[])[], point: XY): number {
  return isInside(point, rings) ? 0 : Math.min(...rings.map((ring) => distanceToLineM(ring, point)))
}
