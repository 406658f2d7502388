/** The fence: as long as its line and its zones say, watched from end to end and once. */
import type { FenceZoneSite } from '../devices/fence-zone/site.ts'
import { siteOf, type Estate, type EstateFence } from '../domain/estate.ts'
import { distanceM, lineLengthM, projectionAt, toMetresLine } from '../domain/geometry.ts'
import { siteOfKind, type Broken, type Disagreement } from './disagreement.ts'

/** Fences are surveyed to the decimetre at best; a post that is set over is no fault. */
export const FENCE_TOLERANCE = { leastM: 1, share: 0.005, seamM: 0.5 } as const

export function checkFence(estate: Estate, broken: Broken): Disagreement[] {
  if (broken.has('fence')) return []
  const zones = estate.devices.flatMap((device, i) =>
    device.kind === 'fence-zone' ? [{ i, id: device.id, ...siteOf<FenceZoneSite>(device) }] : [],
  )
  if (estate.fence === undefined)
    return zones
      .slice(0, 1)
      .map(({ i }) => ({ path: ['devices', i], rule: 'fence zones need a fence: add fence with its line, lengthM and openings' }))
  return [
    ...openingFaults(estate, estate.fence),
    ...lineFaults(estate.fence),
    ...(zones.length === 0 || broken.has('devices') || broken.has(siteOfKind('fence-zone')) ? [] : zoneFaults(zones, estate.fence.lengthM)),
  ]
}

function openingFaults(estate: Estate, { lengthM, openings }: EstateFence): Disagreement[] {
  const gates = new Set(estate.plan.features.flatMap(({ properties }) => (properties['kind'] === 'gate' ? [properties['id']] : [])))
  return openings.flatMap((opening, i) => [
    ...(gates.has(opening.gate)
      ? []
      : [
          {
            path: ['fence', 'openings', i, 'gate'],
            rule: `the plan has no gate with the id ${opening.gate}: add the feature or name another`,
          },
        ]),
    ...(opening.chainageM < lengthM
      ? []
      : [
          {
            path: ['fence', 'openings', i, 'chainageM'],
            rule: `must be less than lengthM (${lengthM} m): an opening where the fence ends is written at 0, where it begins`,
          },
        ]),
  ])
}

function lineFaults({ line, lengthM, openings }: EstateFence): Disagreement[] {
  const metres = toMetresLine(projectionAt(line.coordinates[0]!), line)
  const onTheWay = openings.filter(({ chainageM }) => chainageM > 0).reduce((sum, { widthM }) => sum + widthM, 0)
  const wireM = lineLengthM(metres) - onTheWay
  const allowedM = toleranceM(lengthM)
  const faults: Disagreement[] = []
  if (Math.abs(wireM - lengthM) > allowedM)
    faults.push({
      path: ['fence', 'lengthM'],
      rule: `the line measures ${wireM.toFixed(1)} m of wire (gate openings of ${onTheWay} m not counted) and lengthM says ${lengthM} m; they may differ by ${allowedM.toFixed(1)} m: mend the one that is wrong`,
    })
  const first = openings.findIndex(({ chainageM }) => chainageM === 0)
  const gapM = distanceM(metres[0]!, metres.at(-1)!)
  if (first >= 0 && Math.abs(gapM - openings[first]!.widthM) > FENCE_TOLERANCE.leastM)
    faults.push({
      path: ['fence', 'openings', first, 'widthM'],
      rule: `the opening at 0 lies between the end of the line and its start, and these are ${gapM.toFixed(1)} m apart: mend widthM or the line`,
    })
  return faults
}

function zoneFaults(zones: readonly (FenceZoneSite & { readonly i: number; readonly id: string })[], lengthM: number): Disagreement[] {
  const inOrder = [...zones].sort((a, b) => a.fromM - b.fromM)
  const saidM = zones.reduce((sum, { fromM, toM }) => sum + toM - fromM, 0)
  const faults: Disagreement[] = []
  if (Math.abs(saidM - lengthM) > toleranceM(lengthM))
    faults.push({
      path: ['fence', 'lengthM'],
      rule: `the fence is ${lengthM} m long and its ${zones.length} zones say ${round(saidM)} m (gate openings not counted): mend lengthM or the zones`,
    })
  let coveredM = 0
  for (const { i, id, fromM, toM } of inOrder) {
    const path = ['devices', i, 'site', 'fromM']
    if (fromM > coveredM + FENCE_TOLERANCE.seamM)
      faults.push({
        path,
        rule: `no zone watches ${round(coveredM)}–${round(fromM)} m: let ${id} begin at ${round(coveredM)} or add a zone`,
      })
    if (fromM < coveredM - FENCE_TOLERANCE.seamM)
      faults.push({ path, rule: `${id} begins at ${round(fromM)} m but ${round(coveredM)} m are watched already: zones must not overlap` })
    coveredM = Math.max(coveredM, toM)
  }
  if (Math.abs(coveredM - lengthM) > FENCE_TOLERANCE.seamM) {
    const last = inOrder.at(-1)!
    faults.push({
      path: ['devices', last.i, 'site', 'toM'],
      rule: `the last zone ends at ${round(coveredM)} m and the fence at ${lengthM} m: let ${last.id} end there, or add or remove zones`,
    })
  }
  return faults
}

function toleranceM(lengthM: number): number {
  return Math.max(FENCE_TOLERANCE.leastM, lengthM * FENCE_TOLERANCE.share)
}

function round(metres: number): number {
  return Math.round(metres * 10) / 10
}
