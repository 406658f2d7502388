/** The car of a simulated lift in its shaft: it moves only behind a closed door, floor by floor, and opens at the end of each ride. */
import { SECOND_MS } from '../../domain/clock.ts'
import { wander, type Random } from '../simulation.ts'

const ACCELERATION_MPS2 = 0.5
const RATED_MPS = 1
const AT_FLOOR_M = 0.004
/** Half the unlocking zone (GB 7588: at most 0.2 m, with power doors 0.35 m). */
export const DOOR_ZONE_M = 0.15
const DWELL_MS = 4200

export type Door = 'open' | 'opening' | 'closed' | 'closing'

export interface Ride {
  /** Index into the floors. */
  readonly to: number
  /** Where the person who called wants to go; absent on the ride with the person in the car. */
  readonly then?: number
}

export interface Car {
  readonly floors: number
  readonly floorHeightM: number
  /** Above the lowest floor. */
  readonly positionM: number
  /** Signed: up is positive. */
  readonly speedMps: number
  readonly door: Door
  /** Until the door is in its next position. */
  readonly doorLeftMs: number
  readonly ride: Ride | null
  readonly ratedMps: number
  readonly passenger: boolean
  readonly loadPercent: number
  readonly runCount: number
  readonly doorCycles: number
  readonly doorOpenMs: number
  readonly doorCloseMs: number
  /** Mean of the two times; rises while a door wears. */
  readonly doorMeanMs: number
  readonly levellingMm: number
  readonly vibrationMg: number
}

export function beginCar(shaft: { floors: number; floorHeightM: number; at: number; random: Random }): Car {
  const { floors, floorHeightM, random } = shaft
  return {
    floors,
    floorHeightM,
    positionM: shaft.at * floorHeightM,
    speedMps: 0,
    door: 'closed',
    doorLeftMs: 0,
    ride: null,
    ratedMps: RATED_MPS,
    passenger: false,
    loadPercent: 0,
    runCount: 20_000 + Math.floor(random() * 60_000),
    doorCycles: 45_000 + Math.floor(random() * 120_000),
    doorOpenMs: 2400,
    doorCloseMs: 3000,
    doorMeanMs: 2700 + (random() - 0.5) * 300,
    levellingMm: (random() - 0.5) * 6,
    vibrationMg: 3,
  }
}

/** The floor nearest to the car, as index. */
export function floorIndex(car: Car): number {
  return Math.min(car.floors - 1, Math.max(0, Math.round(car.positionM / car.floorHeightM)))
}

export function isInDoorZone(car: Car): boolean {
  return Math.abs(car.positionM - floorIndex(car) * car.floorHeightM) <= DOOR_ZONE_M
}

/** Somebody calls: the car goes to them, opens, and takes them where they want. Ignored while it is on its way. */
export function call(car: Car, from: number, to: number): Car {
  return car.ride || car.door !== 'closed' ? car : { ...car, ride: { to: from, then: to } }
}

/** At most 100 ms at a time. */
export function moveCar(car: Car, elapsedMs: number, random: Random): Car {
  if (car.door !== 'closed') return moveDoor(car, elapsedMs, random)
  if (!car.ride) return car
  const target = car.ride.to * car.floorHeightM
  const distance = target - car.positionM
  if (Math.abs(distance) <= AT_FLOOR_M) return arrive({ ...car, positionM: target, speedMps: 0 }, random)
  const seconds = elapsedMs / SECOND_MS
  const braking = Math.sqrt(2 * ACCELERATION_MPS2 * Math.abs(distance))
  const speed = Math.min(Math.abs(car.speedMps) + ACCELERATION_MPS2 * seconds, car.ratedMps, Math.max(0.03, braking))
  const started = car.speedMps === 0
  return {
    ...car,
    speedMps: Math.sign(distance) * speed,
    positionM: car.positionM + Math.sign(distance) * Math.min(Math.abs(distance), speed * seconds),
    runCount: car.runCount + (started ? 1 : 0),
    vibrationMg: wander(car.vibrationMg, { mean: 9 + 6 * speed, pull: 0.2, spread: 1.5, min: 1, max: 40 }, random),
  }
}

function arrive(car: Car, random: Random): Car {
  const doorOpenMs = Math.round(car.doorMeanMs * (0.86 + random() * 0.08))
  return {
    ...car,
    door: 'opening',
    doorOpenMs,
    doorLeftMs: doorOpenMs,
    levellingMm: wander(car.levellingMm, { mean: 0, pull: 0.3, spread: 2.5, min: -9, max: 9 }, random),
    vibrationMg: 3,
  }
}

function moveDoor(car: Car, elapsedMs: number, random: Random): Car {
  const left = car.doorLeftMs - elapsedMs
  if (left > 0) return { ...car, doorLeftMs: left }
  switch (car.door) {
    case 'opening':
      return step(car, random)
    case 'open': {
      const doorCloseMs = Math.round(car.doorMeanMs * (1.06 + random() * 0.1))
      return { ...car, door: 'closing', doorCloseMs, doorLeftMs: doorCloseMs }
    }
    default:
      return { ...car, door: 'closed', doorLeftMs: 0, doorCycles: car.doorCycles + 1 }
  }
}

/** The door is open: people step in or out. */
function step(car: Car, random: Random): Car {
  const boarding = car.ride?.then
  const load = boarding === undefined ? 0 : 9 + Math.floor(random() * 3) * 8 // one to three people of 8 or so
  return {
    ...car,
    door: 'open',
    doorLeftMs: DWELL_MS * (0.7 + random()),
    ride: boarding === undefined || boarding === car.ride?.to ? null : { to: boarding },
    passenger: boarding !== undefined && boarding !== car.ride?.to,
    loadPercent: boarding === car.ride?.to ? 0 : load,
  }
}
