/** A bay sensor: cars leave in the morning and come home in the evening; it speaks on change and each 6 h. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/clock.ts'
import { siteOf } from '../../domain/estate.ts'
import {
  habitHour,
  numberOption,
  ofHour,
  outdoorCelsius,
  round,
  wander,
  type DeviceSimulation,
  type Random,
  type SimulatedMessage,
  type SimulatedState,
} from '../simulation.ts'
import type { ParkingBaySite } from './site.ts'

const INTERVAL_MS = 6 * HOUR_MS
/** Share of bays with a car at each hour, 0 h to 23 h: nearly full by night, half empty by day. */
const FULL = [
  0.95, 0.96, 0.96, 0.96, 0.95, 0.94, 0.9, 0.78, 0.64, 0.55, 0.5, 0.49, 0.5, 0.49, 0.48, 0.5, 0.54, 0.62, 0.74, 0.84, 0.89, 0.92, 0.94,
  0.95,
]
/** Changes of one bay an hour beside those that the share asks for: short visits. */
const VISITS = [
  0.01, 0.01, 0.01, 0.01, 0.01, 0.02, 0.05, 0.08, 0.1, 0.12, 0.12, 0.12, 0.12, 0.12, 0.12, 0.12, 0.12, 0.12, 0.1, 0.08, 0.06, 0.04, 0.02,
  0.01,
]
/** Stops on a fire lane an hour, by day: deliveries that are gone within 4 minutes. */
const DELIVERIES_PER_HOUR = 0.4

interface ParkingBayState extends SimulatedState {
  readonly use: ParkingBaySite['use']
  readonly status: 'free' | 'occupied' | 'closed'
  readonly batteryPercent: number
  readonly rssiDbm: number
  readonly sinceSentMs: number
  /** A car that was sent: comes or leaves after this, whatever the hour says. */
  readonly ordered: { readonly status: 'free' | 'occupied'; readonly inMs: number } | null
  /** No habits while set: 0 or less = habits again. */
  readonly keptMs: number
  /** A sensor at the edge of its threshold: changes at each step while set. */
  readonly flickersMs: number
  readonly changed: boolean
}

export const simulation: DeviceSimulation<ParkingBayState> = {
  stepMs: 5 * SECOND_MS,
  begin({ device, at, lifeOffsetMs, random }) {
    const { use } = siteOf<ParkingBaySite>(device)
    const taken = use === 'bay' && random() < ofHour(FULL, habitHour({ at, lifeOffsetMs }))
    return {
      at,
      lifeOffsetMs,
      use,
      status: taken ? 'occupied' : 'free',
      batteryPercent: 55 + random() * 45,
      rssiDbm: -75 - random() * 25,
      sinceSentMs: Math.floor(random() * INTERVAL_MS),
      ordered: null,
      keptMs: 0,
      flickersMs: 0,
      changed: false,
    }
  },
  step(state, elapsedMs, random) {
    const status = nextStatus(state, elapsedMs, random)
    const arrives = state.ordered !== null && state.ordered.inMs <= elapsedMs
    const stopped = state.use === 'fire-lane' && status === 'occupied' && state.status === 'free' && !arrives
    const ordered = stopped
      ? ({ status: 'free', inMs: MINUTE_MS + random() * 3 * MINUTE_MS } as const) // a delivery
      : arrives || state.ordered === null
        ? null
        : { ...state.ordered, inMs: state.ordered.inMs - elapsedMs }
    const due = status !== state.status || state.changed || state.sinceSentMs + elapsedMs >= INTERVAL_MS
    const next: ParkingBayState = {
      ...state,
      at: state.at + elapsedMs,
      status,
      ordered,
      batteryPercent: Math.max(0, state.batteryPercent - elapsedMs / (12 * DAY_MS)), // lasts some three years
      rssiDbm: due
        ? wander(state.rssiDbm, { mean: status === 'occupied' ? -98 : -88, pull: 0.2, spread: 4, min: -118, max: -62 }, random)
        : state.rssiDbm,
      sinceSentMs: due ? 0 : state.sinceSentMs + elapsedMs,
      keptMs: Math.max(0, state.keptMs - elapsedMs),
      flickersMs: Math.max(0, state.flickersMs - elapsedMs),
      changed: false,
    }
    return { state: next, messages: due ? [telemetry(next)] : [] }
  },
  present: (state) => [telemetry(state)],
  inputs: {
    /** A car comes: at once, or `in_seconds` later, and stays `minutes` (default 60) at least. */
    occupy: (state, options) => order(state, 'occupied', numberOption(options, 'in_seconds', 0), numberOption(options, 'minutes', 60)),
    leave: (state, options) => order(state, 'free', numberOption(options, 'in_seconds', 0), numberOption(options, 'minutes', 60)),
    close: (state) => ({ ...state, status: 'closed', ordered: null, changed: true }),
    open: (state) => ({ ...state, status: 'free', ordered: null, changed: true }),
    battery: (state, options) => ({ ...state, batteryPercent: numberOption(options, 'percent', 6), changed: true }),
    flicker: (state, options) => ({ ...state, flickersMs: numberOption(options, 'seconds', 120) * SECOND_MS }),
    /** The sensor freezes as it is: no change whatever stands on it. */
    stick: (state, options) => ({ ...state, ordered: null, keptMs: numberOption(options, 'hours', 24 * 30) * HOUR_MS }),
    clear: (state) => ({
      ...state,
      batteryPercent: Math.max(60, state.batteryPercent),
      keptMs: 0,
      flickersMs: 0,
      ordered: null,
      changed: true,
    }),
  },
}

function order(state: ParkingBayState, status: 'free' | 'occupied', inSeconds: number, minutes: number): ParkingBayState {
  const keptMs = inSeconds * SECOND_MS + minutes * MINUTE_MS
  return inSeconds === 0
    ? { ...state, status, ordered: null, keptMs, changed: state.changed || status !== state.status }
    : { ...state, ordered: { status, inMs: inSeconds * SECOND_MS }, keptMs }
}

function nextStatus(state: ParkingBayState, elapsedMs: number, random: Random): ParkingBayState['status'] {
  const chance = random()
  if (state.status === 'closed') return 'closed'
  const other = state.status === 'free' ? 'occupied' : 'free'
  if (state.flickersMs > 0) return other
  if (state.ordered) return state.ordered.inMs <= elapsedMs ? state.ordered.status : state.status
  if (state.keptMs > 0 || state.use === 'green') return state.status
  const hours = elapsedMs / HOUR_MS
  if (state.use === 'fire-lane') {
    const hour = habitHour(state)
    if (state.status === 'occupied') return 'free'
    return hour > 8 && hour < 20 && chance < DELIVERIES_PER_HOUR * hours ? 'occupied' : 'free'
  }
  return chance < changesPerHour(state) * hours ? other : state.status
}

/** What keeps the share of full bays at its hour's value, and visits on top, in balance both ways. */
function changesPerHour(state: ParkingBayState): number {
  const hour = habitHour(state)
  const full = ofHour(FULL, hour)
  const rise = ofHour(FULL, hour + 0.5) - ofHour(FULL, hour - 0.5 + 24)
  const visits = ofHour(VISITS, hour)
  return state.status === 'free' ? (Math.max(0, rise) + visits * full) / (1 - full) : (Math.max(0, -rise) + visits * (1 - full)) / full
}

function telemetry(state: ParkingBayState): SimulatedMessage {
  return {
    channel: 'telemetry',
    payload: {
      ts: state.at,
      status: state.status,
      battery_percent: round(state.batteryPercent, 0),
      temperature_celsius: round(outdoorCelsius(state), 1),
      rssi_dbm: round(state.rssiDbm, 0),
    },
  }
}
