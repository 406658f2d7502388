/** The few words under a lift's number: what is wrong, else that it is not heard, else its mode, else what it does. */
import type { Dictionary } from '../../i18n/words.ts'
import { codeText } from '../../live/alarm-words.ts'
import type { Car } from './car.ts'
import type { LiftRow } from './order-lifts.ts'
import type { words } from './words.ts'

export type LiftWords = typeof words extends Dictionary<infer W> ? W : never

export function liftCaption({ alarms, car }: Pick<LiftRow, 'alarms' | 'car'>, w: LiftWords): string {
  const worst = alarms[0]
  if (worst) return codeText(worst)
  if (car.sight === 'never') return w.never
  if (car.sight === 'lost') return w.lost
  if (car.mode !== undefined && car.mode !== 'normal') return w.modes[car.mode]
  if (car.isMoving && car.direction !== 'none') return w[car.direction]
  if (car.isOffLevel) return w.between
  return car.floor === undefined ? w.unknown : w.at(String(car.floor))
}

/** What only the drawing shows, in words. */
export function liftState(car: Car, w: LiftWords): string {
  const place = car.floor === undefined ? [] : [car.sight === 'live' ? w.at(String(car.floor)) : w.lastAt(String(car.floor))]
  if (car.sight !== 'live') return place.join(', ')
  const door =
    car.doorOpen === undefined ? w.door.unknown : car.doorOpen === 1 ? w.door.open : car.doorOpen === 0 ? w.door.shut : w.door.part
  return [...place, door, ...(car.hasPassenger ? [w.passenger] : [])].join(', ')
}
