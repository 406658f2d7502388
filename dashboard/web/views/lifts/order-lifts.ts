/** Which lifts stand first: those with alarms, then those not heard, then those out of normal service, then by number. */
import { isStanding, type Alarm } from '../../../../domain/alarm.ts'
import type { DeviceState } from '../../../../domain/live.ts'
import type { Priority } from '../../../../domain/rule.ts'
import { carOf, type Car } from './car.ts'

export interface LiftRow {
  readonly device: DeviceState
  readonly car: Car
  /** Those of this lift that are not closed, worst first. */
  readonly alarms: readonly Alarm[]
  /** Normal lifts stay grey. */
  readonly isAbnormal: boolean
}

export function orderLifts(devices: readonly DeviceState[], alarms: readonly Alarm[]): readonly LiftRow[] {
  const numeric = new Intl.Collator('zh', { numeric: true })
  return devices.map((device) => toRow(device, alarms)).sort((a, b) => trouble(a) - trouble(b) || numeric.compare(a.device.id, b.device.id))
}

function toRow(device: DeviceState, alarms: readonly Alarm[]): LiftRow {
  const own = alarms.filter((alarm) => alarm.device === device.id && alarm.kind === device.kind).sort(byUrgency)
  const car = carOf(device)
  return {
    device,
    car,
    alarms: own,
    isAbnormal: own.length > 0 || car.sight !== 'live' || (car.mode !== undefined && car.mode !== 'normal'),
  }
}

/** Standing before the rest, urgent before low, unacknowledged before acknowledged, then the oldest. */
export function byUrgency(a: Alarm, b: Alarm): number {
  return quiet(a) - quiet(b) || a.priority - b.priority || waits(a) - waits(b) || a.raisedAt - b.raisedAt
}

function quiet(alarm: Alarm): number {
  return isStanding(alarm) ? 0 : 1
}

function waits({ state }: Alarm): number {
  return state === 'unacknowledged' ? 0 : 1
}

function trouble({ alarms, car }: LiftRow): number {
  const worst = alarms[0]
  if (worst && !quiet(worst)) return worst.priority + waits(worst) / 2
  if (car.sight === 'lost') return 4
  if (car.sight === 'never') return 5
  if (worst) return 6
  return car.mode !== undefined && car.mode !== 'normal' ? 6 : 9
}

export interface LiftSums {
  readonly total: number
  /** Heard, in normal mode, and without a standing alarm. */
  readonly usable: number
  readonly inspection: number
  readonly unknown: number
}

export function sumLifts(rows: readonly LiftRow[]): LiftSums {
  return {
    total: rows.length,
    usable: rows.filter(
      ({ car, alarms }) => car.sight === 'live' && car.mode === 'normal' && !alarms.some((alarm) => !quiet(alarm) && alarm.priority < 3),
    ).length,
    inspection: rows.filter(({ car }) => car.sight === 'live' && car.mode === 'inspection').length,
    unknown: rows.filter(({ car }) => car.sight !== 'live').length,
  }
}

export interface StandingCount {
  readonly priority: Priority
  readonly count: number
  readonly state: 'unacknowledged' | 'acknowledged' | 'none'
}

/** Counts of what stands, by priority; solid while any of them is unacknowledged. */
export function countStanding(alarms: readonly Alarm[]): readonly StandingCount[] {
  return ([1, 2, 3] as const).map((priority) => {
    const own = alarms.filter((alarm) => alarm.priority === priority && isStanding(alarm))
    const isWaiting = own.some(({ state }) => state === 'unacknowledged')
    return { priority, count: own.length, state: own.length === 0 ? 'none' : isWaiting ? 'unacknowledged' : 'acknowledged' }
  })
}
