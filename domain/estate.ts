/** An estate as its file says: the plan, what stands on it, which device is where and behind which gateway, and who is responsible. */
import type { FeatureCollection, LineString, Polygon } from './geojson.ts'

export interface EstatePerson {
  readonly id: string
  readonly name: string
  readonly nameEn?: string
  /** Words shown beside the name, e.g. 安保值班. */
  readonly title: string
  readonly titleEn?: string
  readonly phone?: string
}

/** Who answers for what: the narrowest `for` wins. `for: {}` is everything. */
export interface EstateDuty {
  readonly duty: 'responsible' | 'decision-maker'
  readonly for: { readonly kind?: string; readonly device?: string }
  readonly person: string
}

export interface EstateBlock {
  readonly id: string
  readonly name: string
  readonly storeys: number
  readonly stairwells: number
  readonly outline: Polygon
}

export interface EstateFence {
  /** From chainage 0 to the last metre of wire, in the direction of rising chainage, openings on the way included. An opening at chainage 0 is the gap between the line's end and its start. */
  readonly line: LineString
  /** Length of the wire in metres: gate openings not counted. */
  readonly lengthM: number
  /** Where the line is open; `chainageM` is that of the opening, which itself has no chainage. */
  readonly openings: readonly {
    readonly gate: string
    readonly name: string
    readonly nameEn?: string
    readonly chainageM: number
    readonly widthM: number
  }[]
}

export const LIFT_STAGES = ['signed', 'permitted', 'under-construction', 'in-service', 'taken-over'] as const
export type LiftStage = (typeof LIFT_STAGES)[number]

/** A retrofit lift in the programme; `device` once it is in service. */
export interface LiftProject {
  readonly id: string
  readonly block: string
  readonly stage: LiftStage
  readonly device?: string
}

/** One device of an estate. What only its kind has (position, bearing, metres, area, floors) is in `site`, described by `devices/<kind>/site.ts`. */
export interface EstateDevice {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly nameEn?: string
  /** The gateway it is behind; absent for a device with a connection of its own, and for gateways. */
  readonly gateway?: string
  readonly tags?: readonly string[]
  readonly site: Readonly<Record<string, unknown>>
}

export interface Estate {
  readonly id: string
  readonly name: string
  readonly nameEn?: string
  /** What a reader of the file should know, e.g. which figures are assumed. */
  readonly note?: string
  /** Degrees, clockwise from north, by which the rows of houses are turned; the plan is drawn level. */
  readonly bearingDeg: number
  /** Features with `properties.kind`: boundary, road, lane, green, pond, gate, guard-box, bike-shed, bin-house, committee-house. */
  readonly plan: FeatureCollection
  readonly blocks: readonly EstateBlock[]
  readonly fence?: EstateFence
  readonly lifts: readonly LiftProject[]
  readonly devices: readonly EstateDevice[]
  readonly people: readonly EstatePerson[]
  readonly duties: readonly EstateDuty[]
}

/** Estates in force at one revision of the records. */
export interface EstateSet {
  readonly revision: number
  readonly estates: ReadonlyMap<string, Estate>
}

export function findDevice(estate: Estate, kind: string, id: string): EstateDevice | undefined {
  return estate.devices.find((device) => device.kind === kind && device.id === id)
}

/** The person on this duty for a device by the estate's file: by device before by kind before everything. */
export function dutyHolder(
  estate: Estate,
  duty: EstateDuty['duty'],
  device: { readonly kind: string; readonly device: string },
): string | null {
  const rank = ({ for: scope }: EstateDuty) =>
    scope.device !== undefined
      ? scope.device === device.device && (scope.kind ?? device.kind) === device.kind
        ? 3
        : 0
      : scope.kind !== undefined
        ? scope.kind === device.kind
          ? 2
          : 0
        : 1
  const best = estate.duties.filter((entry) => entry.duty === duty && rank(entry) > 0).sort((a, b) => rank(b) - rank(a))[0]
  return best?.person ?? null
}

/** The kind's own part of a device; the estate was checked against the kind's schema when it was loaded. */
export function siteOf<Site>(device: EstateDevice): Site {
  return device.site as Site
}
