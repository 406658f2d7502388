/** Which devices of an estate concern each other: zones side by side, cameras that see a zone, cameras that stand together. */
import type { CameraSite } from '../devices/camera/site.ts'
import type { FenceZoneSite } from '../devices/fence-zone/site.ts'
import { siteOf, type Estate } from '../domain/estate.ts'
import {
  distanceM,
  lineDistanceM,
  pointAlong,
  projectionAt,
  sees,
  toMetresLine,
  toMetresRings,
  type Sight,
  type XY,
} from '../domain/geometry.ts'

export interface EstateSurroundings {
  /** Zone → zones at its two ends; the ring's last and first belong together. */
  neighbourZones(zone: string): readonly string[]
  /** Camera → zones of which it sees some metre, past the buildings. */
  zonesInView(camera: string): readonly string[]
  camerasSeeing(zone: string): readonly string[]
  /** Camera → the two nearest within 60 m, and those to which it is one of these. */
  neighbourCameras(camera: string): readonly string[]
}

const STEP_M = 5
const TOGETHER_M = 60
const cache = new WeakMap<Estate, EstateSurroundings>()

export function surroundingsOf(estate: Estate): EstateSurroundings {
  let known = cache.get(estate)
  if (!known) cache.set(estate, (known = survey(estate)))
  return known
}

interface Camera extends Sight {
  readonly id: string
}

function survey(estate: Estate): EstateSurroundings {
  const zones = estate.devices
    .filter(({ kind }) => kind === 'fence-zone')
    .map((device) => ({ id: device.id, ...siteOf<FenceZoneSite>(device) }))
  const cameraDevices = estate.devices.filter(({ kind }) => kind === 'camera')
  const origin = estate.fence?.line.coordinates[0] ?? (cameraDevices[0] && siteOf<CameraSite>(cameraDevices[0]).position)
  const projection = origin && projectionAt(origin)
  const cameras: Camera[] = projection
    ? cameraDevices.map((device) => {
        const site = siteOf<CameraSite>(device)
        return { id: device.id, ...site, facingDeg: site.bearingDeg, at: projection.toMetres(site.position) }
      })
    : []
  const beside = new Map<string, string[]>()
  const inView = new Map<string, string[]>()
  const seenBy = new Map<string, string[]>()
  const together = new Map<string, string[]>()

  const ringEnd = estate.fence?.lengthM
  for (const a of zones)
    for (const b of zones)
      if (a !== b && (near(a.toM, b.fromM) || (near(a.toM, ringEnd) && near(b.fromM, 0)))) {
        add(beside, a.id, b.id)
        add(beside, b.id, a.id)
      }
  const { fence } = estate
  if (fence && projection) {
    const line = toMetresLine(projection, fence.line)
    const walls = estate.blocks.flatMap(({ outline }) => toMetresRings(projection, outline).slice(0, 1))
    for (const zone of zones) {
      const points: XY[] = []
      for (let m = zone.fromM; m <= zone.toM; m += STEP_M) points.push(pointAlong(line, lineDistanceM(m, fence.openings)))
      for (const camera of cameras)
        if (points.some((point) => sees(camera, point, walls))) {
          add(inView, camera.id, zone.id)
          add(seenBy, zone.id, camera.id)
        }
    }
  }
  for (const camera of cameras) {
    const nearest = cameras
      .filter((other) => other !== camera)
      .map((other) => ({ other, distance: distanceM(camera.at, other.at) }))
      .filter(({ distance }) => distance <= TOGETHER_M)
      .sort((a, b) => a.distance - b.distance)
    for (const { other } of nearest.slice(0, 2)) {
      add(together, camera.id, other.id)
      add(together, other.id, camera.id)
    }
  }
  return {
    neighbourZones: (zone) => beside.get(zone) ?? [],
    zonesInView: (camera) => inView.get(camera) ?? [],
    camerasSeeing: (zone) => seenBy.get(zone) ?? [],
    neighbourCameras: (camera) => together.get(camera) ?? [],
  }
}

function near(a: number, b: number | undefined): boolean {
  return b !== undefined && Math.abs(a - b) < 0.5
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (!list) map.set(key, [value])
  else if (!list.includes(value)) list.push(value)
}
