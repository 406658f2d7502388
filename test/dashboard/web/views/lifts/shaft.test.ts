import { describe, expect, it } from 'vitest'
import type { FieldValues } from '../../../../../domain/device-kind.ts'
import type { DeviceStatus } from '../../../../../domain/live.ts'
import { carOf, carSillY } from '../../../../../dashboard/web/views/lifts/car.ts'
import { layShaft, sillOf } from '../../../../../dashboard/web/views/lifts/shaft.ts'

const shaft = layShaft([1, 2, 3, 4, 5, 6], 3, { top: 0, height: 300 })
const car = (reading: FieldValues | null, status: DeviceStatus = 'online') => carOf({ status, reading })

describe('the shaft', () => {
  it('draws its floors to scale, the lowest at the bottom', () => {
    expect(shaft.landings[0]).toEqual({ floor: 1, y: 300 })
    expect(shaft.landings[5]).toEqual({ floor: 6, y: 50 })
    expect(shaft.pxPerMetre).toBeCloseTo(50 / 3)
  })

  it('gives floors that are not there no room', () => {
    expect(layShaft([-1, 1, 2], 3, { top: 0, height: 90 }).landings).toEqual([
      { floor: -1, y: 90 },
      { floor: 1, y: 60 },
      { floor: 2, y: 30 },
    ])
  })

  it('holds a floor that it does not have at the nearer end', () => {
    expect(sillOf(shaft, 9)).toBe(50)
    expect(sillOf(shaft, -3)).toBe(300)
  })
})

describe('the car', () => {
  it('stands with its floor on the landing', () => {
    expect(carSillY(shaft, car({ floor: 3, in_door_zone: true, speed_mps: 0 }))).toBe(200)
  })

  it('stands as far from the landing as the lift says', () => {
    const off = car({ floor: 3, in_door_zone: false, speed_mps: 0, levelling_mm: 600 })
    expect(off.offLevelM).toBe(0.6)
    expect(carSillY(shaft, off)).toBeCloseTo(190)
  })

  it('stands between two landings when nobody says how far off level it is', () => {
    const off = car({ floor: 3, in_door_zone: false, speed_mps: 0 })
    expect([off.isOffLevel, off.offLevelM]).toEqual([true, undefined])
    expect(carSillY(shaft, off)).toBe(175)
  })

  it('does not stand above the top landing or below the lowest when nobody says how far off level it is', () => {
    expect(carSillY(shaft, car({ floor: 6, in_door_zone: false, speed_mps: 0 }))).toBe(75)
    expect(carSillY(shaft, car({ floor: 1, in_door_zone: false, speed_mps: 0 }))).toBe(275)
  })

  it('is not off level while it moves between floors', () => {
    expect(car({ floor: 3, in_door_zone: false, speed_mps: 1, direction: 'up' }).isOffLevel).toBe(false)
  })

  it('shows a passenger only when the lift says that there is one', () => {
    expect(car({ floor: 1, passenger: true }).hasPassenger).toBe(true)
    expect(car({ floor: 1 }).hasPassenger).toBe(false)
  })

  it.each([
    ['open', 1],
    ['opening', 0.5],
    ['closing', 0.5],
    ['closed', 0],
  ])('door %s draws its leaves apart by %d', (door, apart) => {
    expect(car({ door }).doorOpen).toBe(apart)
  })

  it('does not know a door that nobody spoke of', () => {
    expect(car({ floor: 2 }).doorOpen).toBeUndefined()
  })

  it('is lost where the lift is no longer heard, and never seen where it never was', () => {
    expect(car({ floor: 4 }, 'stale').sight).toBe('lost')
    expect(car({ floor: 4 }, 'unknown').sight).toBe('lost')
    expect(car(null, 'unknown').sight).toBe('never')
  })
})
