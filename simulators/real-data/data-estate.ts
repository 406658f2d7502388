/** An estate for devices of somebody else's data: a plan around them, one gateway, one person who answers for all. */
import type { Estate, EstateDevice } from '../../domain/estate.ts'
import type { EpochMs } from '../../domain/clock.ts'
import type { Position } from '../../domain/geojson.ts'
import { credentialUsername } from '../../domain/credential.ts'
import { deviceTopic } from '../../domain/topic.ts'
import { toExportLine } from '../../broker/journal/export-line.ts'

/** Real data as a replay takes it: the estate, and the lines of a recording in the order of time. */
export interface RealData {
  readonly estate: Estate
  lines(): AsyncGenerator<string>
}

export const GATEWAY = 'gw-data'
const MARGIN_DEG = 0.0005

export function dataEstate(options: {
  readonly id: string
  readonly name: string
  readonly note: string
  readonly devices: readonly EstateDevice[]
  /** Every place that must be on the plan. */
  readonly places: Iterable<Position>
  readonly blocks?: Estate['blocks']
}): Estate {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon, lat] of options.places) {
    west = Math.min(west, lon - MARGIN_DEG)
    east = Math.max(east, lon + MARGIN_DEG)
    south = Math.min(south, lat - MARGIN_DEG)
    north = Math.max(north, lat + MARGIN_DEG)
  }
  const outline: Position[] = [[west, south], [east, south], [east, north], [west, north], [west, south]] // prettier-ignore
  return {
    id: options.id,
    name: options.name,
    note: options.note,
    bearingDeg: 0,
    plan: {
      type: 'FeatureCollection',
      features: [{ type: 'Feature', properties: { kind: 'boundary' }, geometry: { type: 'Polygon', coordinates: [outline] } }],
    },
    blocks: options.blocks ?? [],
    lifts: [],
    devices: [
      { id: GATEWAY, kind: 'gateway', name: '数据', site: { position: [(west + east) / 2, (south + north) / 2] } },
      ...options.devices,
    ],
    people: [{ id: 'keeper', name: '值班员甲', title: '值班' }],
    duties: [
      { duty: 'responsible', for: {}, person: 'keeper' },
      { duty: 'decision-maker', for: {}, person: 'keeper' },
    ],
  }
}

/** A bay of 2 m by 5 m or so with its corner at this place. */
export function bayDevice(id: string, [lon, lat]: Position): EstateDevice {
  const [w, h] = [0.00002, 0.00004]
  const area = { type: 'Polygon', coordinates: [[[lon, lat], [lon + w, lat], [lon + w, lat + h], [lon, lat + h], [lon, lat]]] } // prettier-ignore
  return { id, kind: 'parking-bay', name: id, gateway: GATEWAY, site: { area, use: 'bay' } }
}

/** One line of a recording: telemetry of one device. */
export function telemetryLine(
  estate: string,
  message: {
    readonly seq: number
    readonly at: EpochMs
    readonly kind: string
    readonly device: string
    readonly values: Readonly<Record<string, unknown>>
  },
): string {
  return toExportLine({
    seq: message.seq,
    receivedAt: message.at,
    client: credentialUsername({ type: 'gateway', estate, gateway: GATEWAY }),
    topic: deviceTopic({ estate, kind: message.kind, device: message.device, channel: 'telemetry' }),
    payload: Buffer.from(JSON.stringify({ ts: message.at, ...message.values })),
  })
}
