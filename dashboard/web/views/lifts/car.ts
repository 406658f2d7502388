/** What is known of a lift's car, from its newest values: never more than was said, and nothing at all of a lift that is not heard. */
import type { FieldValues } from '../../../../domain/device-kind.ts'
import type { DeviceState } from '../../../../domain/live.ts'
import { sillOf, type Shaft } from './shaft.ts'

export type Mode = 'normal' | 'inspection' | 'fire' | 'independent' | 'stopped'

export interface Car {
  /** `lost`: the values are those of the last time it was heard. */
  readonly sight: 'live' | 'lost' | 'never'
  readonly floor: number | undefined
  readonly direction: 'up' | 'down' | 'none'
  readonly isMoving: boolean
  /** 0 shut, 1 open, between while the leaves move; undefined = not said. */
  readonly doorOpen: number | undefined
  /** True only if the lift said so. */
  readonly hasPassenger: boolean
  /** Standing outside the door zone. */
  readonly isOffLevel: boolean
  /** How far from the sill, metres, where the lift says. */
  readonly offLevelM: number | undefined
  readonly mode: Mode | undefined
}

const CREEP_MPS = 0.05 // under this a lift stands, as its kind says
const DOOR_OPEN: Readonly<Record<string, number>> = { open: 1, opening: 0.5, closing: 0.5, closed: 0 }
const MODES: readonly Mode[] = ['normal', 'inspection', 'fire', 'independent', 'stopped']

export function carOf({ status, reading }: Pick<DeviceState, 'status' | 'reading'>): Car {
  const values = reading ?? {}
  const isMoving =
    number(values, 'speed_mps') > CREEP_MPS || (values['speed_mps'] === undefined && word(values, 'direction', 'none') !== 'none')
  const levellingMm = values['levelling_mm']
  const isOffLevel = values['in_door_zone'] === false && !isMoving
  return {
    sight: status === 'online' ? 'live' : reading === null ? 'never' : 'lost',
    floor: typeof values['floor'] === 'number' ? values['floor'] : undefined,
    direction: toDirection(values['direction']),
    isMoving,
    doorOpen: DOOR_OPEN[word(values, 'door', '')],
    hasPassenger: values['passenger'] === true,
    isOffLevel,
    offLevelM: isOffLevel && typeof levellingMm === 'number' && Math.abs(levellingMm) >= 10 ? levellingMm / 1000 : undefined,
    mode: MODES.find((mode) => mode === values['mode']),
  }
}

/** Where the car's own floor is drawn. A car off level by an unknown height stands in the middle between two landings. */
export function carSillY(shaft: Shaft, car: Car): number {
  const sill = sillOf(shaft, car.floor ?? shaft.landings[0]?.floor ?? 1)
  if (!car.isOffLevel) return sill
  const isTop = car.floor !== undefined && car.floor >= (shaft.landings.at(-1)?.floor ?? Infinity)
  const half = car.direction === 'down' || isTop ? -0.5 : 0.5
  const up = car.offLevelM === undefined ? half * shaft.pitch : car.offLevelM * shaft.pxPerMetre
  return Math.min(shaft.bottom, Math.max(shaft.top + shaft.carHeight, sill - up))
}

function toDirection(value: unknown): Car['direction'] {
  return value === 'up' || value === 'down' ? value : 'none'
}

function number(values: FieldValues, name: string): number {
  const value = values[name]
  return typeof value === 'number' ? value : 0
}

function word(values: FieldValues, name: string, otherwise: string): string {
  const value = values[name]
  return typeof value === 'string' ? value : otherwise
}
