/** A retrofit lift: people ride it at the hours people do; it reports each second while it moves and each 30 s while it stands. */
import { HOUR_MS, SECOND_MS } from '../../domain/clock.ts'
import { siteOf } from '../../domain/estate.ts'
import {
  habitHour,
  numberOption,
  ofHour,
  round,
  wordOption,
  type DeviceSimulation,
  type InputOptions,
  type Random,
  type SimulatedMessage,
  type SimulatedState,
} from '../simulation.ts'
import { beginCar, call, floorIndex, isInDoorZone, moveCar, type Car } from './car.ts'
import type { ElevatorSite } from './site.ts'

const STILL_INTERVAL_MS = 30 * SECOND_MS
const SUBSTEP_MS = 100
const MODES = ['normal', 'inspection', 'fire', 'independent', 'stopped'] as const
/** Calls an hour, 0 h to 23 h, of a stairwell of a dozen homes. */
const CALLS = [1, 0.3, 0.2, 0.2, 0.3, 2, 6, 14, 16, 12, 10, 9, 9, 8, 8, 9, 11, 15, 18, 14, 10, 7, 4, 2]
/** Share of calls that go down to the ground: most in the morning, few in the evening. */
const DOWN = [0.4, 0.4, 0.4, 0.4, 0.6, 0.8, 0.85, 0.85, 0.8, 0.7, 0.6, 0.5, 0.45, 0.5, 0.5, 0.45, 0.4, 0.3, 0.3, 0.4, 0.45, 0.4, 0.35, 0.35]

interface Fault {
  readonly scheme: string
  readonly code: string
  readonly active: boolean
}

interface ElevatorState extends SimulatedState {
  readonly floors: readonly number[]
  readonly callsFactor: number
  readonly mode: (typeof MODES)[number]
  readonly power: 'mains' | 'battery'
  readonly car: Car
  /** The car does not move while set, whoever calls. */
  readonly stuck: boolean
  /** Rides up and down without stopping until this has passed. */
  readonly longRunMs: number
  /** Creeps with its door open until this has passed (a fault that kills). */
  readonly creepMs: number
  readonly active: readonly Fault[]
  readonly toTell: readonly Fault[]
  readonly sinceSentMs: number
  /** What was last told, so that a change of it is told at once. */
  readonly told: string
}

export const simulation: DeviceSimulation<ElevatorState> = {
  stepMs: SECOND_MS,
  begin({ device, at, lifeOffsetMs, random }) {
    const { floors, floorHeightM } = siteOf<ElevatorSite>(device)
    const ground = Math.max(0, floors.indexOf(1))
    const car = beginCar({ floors: floors.length, floorHeightM, at: random() < 0.6 ? ground : floors.length - 1, random })
    const state: ElevatorState = {
      at,
      lifeOffsetMs,
      floors,
      callsFactor: 0.7 + random() * 0.6,
      mode: 'normal',
      power: 'mains',
      car,
      stuck: false,
      longRunMs: 0,
      creepMs: 0,
      active: [],
      toTell: [],
      sinceSentMs: Math.floor(random() * STILL_INTERVAL_MS),
      told: '',
    }
    return { ...state, told: standing(state) }
  },
  step(state, elapsedMs, random) {
    const car = move(state, elapsedMs, random)
    const passed: ElevatorState = {
      ...state,
      at: state.at + elapsedMs,
      car,
      longRunMs: Math.max(0, state.longRunMs - elapsedMs),
      creepMs: Math.max(0, state.creepMs - elapsedMs),
      toTell: [],
      sinceSentMs: state.sinceSentMs + elapsedMs,
    }
    const now = standing(passed)
    const due = car.speedMps !== 0 || now !== state.told || state.toTell.length > 0 || passed.sinceSentMs >= STILL_INTERVAL_MS
    const next = due ? { ...passed, told: now, sinceSentMs: 0 } : passed
    const events = state.toTell.map((fault): SimulatedMessage => ({ channel: 'event', payload: { ts: next.at, ...fault } }))
    return { state: next, messages: due ? [...events, telemetry(next)] : events }
  },
  present: (state) => [
    telemetry(state),
    ...state.active.map((fault): SimulatedMessage => ({ channel: 'event', payload: { ts: state.at, ...fault } })),
  ],
  inputs: {
    /** Stops with a person in the car: between floors, or level with one. `report: false`: the box says nothing of it. */
    'shut-in': (state, options) => shutIn(state, options['level'] === true, options['report'] !== false),
    /** The rescuers level the car and open it; whatever fault stood is over. */
    release: (state) => {
      const positionM = floorIndex(state.car) * state.car.floorHeightM
      const car: Car = { ...state.car, positionM, speedMps: 0, door: 'opening', doorLeftMs: 2500, ride: null }
      return { ...tell(state, ended(state)), car, active: [], stuck: false, longRunMs: 0, creepMs: 0, mode: 'normal', power: 'mains' }
    },
    /** Looks like a person shut in to a rule that does not test motion: rides on and on with a passenger. */
    'long-run': (state, options) => ({
      ...state,
      longRunMs: numberOption(options, 'seconds', 180) * SECOND_MS,
      car: { ...closed(state.car), passenger: true, loadPercent: 12, ratedMps: numberOption(options, 'speed_mps', 0.25), ride: null },
    }),
    ride: (state, options) => ({
      ...state,
      car: call(state.car, indexOf(state, options, 'from', state.floors[0]!), indexOf(state, options, 'to', state.floors.at(-1)!)),
    }),
    /** Any code of any scheme; an active one also stops the car when `stops` is true. */
    fault: (state, options) => {
      const fault: Fault = { scheme: text(options, 'scheme'), code: text(options, 'code'), active: options['active'] !== false }
      return withFault({ ...state, stuck: options['stops'] === true || (state.stuck && fault.active) }, fault)
    },
    'alarm-button': (state) => withFault(state, { scheme: 'gbt24476-2017', code: '90', active: true }),
    'door-open-moving': (state, options) => {
      const car: Car = { ...state.car, door: 'open', doorLeftMs: 1e9, passenger: true, loadPercent: 10, ride: null }
      return withFault(
        { ...state, creepMs: numberOption(options, 'seconds', 4) * SECOND_MS, car },
        { scheme: 'retrofit-box', code: '3', active: true },
      )
    },
    'power-off': (state) => withFault({ ...state, power: 'battery', stuck: true }, { scheme: 'gbt24476-2017', code: '41', active: true }),
    mode: (state, options) => ({ ...state, mode: wordOption(options, 'mode', MODES, 'inspection') }),
    /** A worn drive: the door takes this many times as long. */
    'door-wear': (state, options) => ({ ...state, car: { ...state.car, doorMeanMs: 2700 * numberOption(options, 'factor', 1.7) } }),
  },
}

function move(state: ElevatorState, elapsedMs: number, random: Random): Car {
  const busy = state.stuck || state.mode !== 'normal' || state.power === 'battery'
  let car = state.car
  const chance = random() // one number a step whatever happens: the series stays the same
  const calls = (ofHour(CALLS, habitHour(state)) * state.callsFactor * elapsedMs) / HOUR_MS
  if (!busy && state.longRunMs === 0 && chance < calls) car = personCalls(state, car, random)
  for (let left = elapsedMs; left > 0; left -= SUBSTEP_MS) {
    const ms = Math.min(SUBSTEP_MS, left)
    if (state.creepMs > 0) car = creep(car, ms)
    else if (state.stuck) car = { ...car, speedMps: 0 }
    else if (state.longRunMs > 0) car = shuttle(car, ms, random)
    else car = moveCar(car, ms, random)
  }
  const ends = (state.longRunMs > 0 && state.longRunMs <= elapsedMs) || (state.creepMs > 0 && state.creepMs <= elapsedMs)
  return ends ? { ...closed(car), ratedMps: 1, ride: { to: floorIndex(car) } } : car
}

function personCalls(state: ElevatorState, car: Car, random: Random): Car {
  const ground = Math.max(0, state.floors.indexOf(1))
  const floors = state.floors.length
  const upper = (ground + 1 + Math.floor(random() * (floors - 1))) % floors
  return random() < ofHour(DOWN, habitHour(state)) ? call(car, upper, ground) : call(car, ground, upper)
}

function creep(car: Car, elapsedMs: number): Car {
  const top = (car.floors - 1) * car.floorHeightM
  const up = car.positionM + 0.5 < top
  const speedMps = up ? 0.2 : -0.2
  return { ...car, speedMps, positionM: Math.min(top, Math.max(0, car.positionM + (speedMps * elapsedMs) / SECOND_MS)) }
}

/** From end to end, turning before it would stop. */
function shuttle(car: Car, elapsedMs: number, random: Random): Car {
  const top = car.floors - 1
  const to = car.ride?.to ?? (car.positionM > (top * car.floorHeightM) / 2 ? 0 : top)
  const near = Math.abs(to * car.floorHeightM - car.positionM) < 0.3
  const ride = { to: near ? top - to : to }
  return moveCar({ ...car, ride, speedMps: near ? Math.sign(ride.to - to) * 0.05 : car.speedMps }, elapsedMs, random)
}

function closed(car: Car): Car {
  return { ...car, door: 'closed', doorLeftMs: 0, speedMps: 0 }
}

function shutIn(state: ElevatorState, level: boolean, report: boolean): ElevatorState {
  const floor = floorIndex(state.car)
  const offset = level ? 0 : 0.45 * state.car.floorHeightM * (floor === state.car.floors - 1 ? -1 : 1)
  const positionM = floor * state.car.floorHeightM + offset
  const car: Car = { ...closed(state.car), positionM, passenger: true, loadPercent: 11, ride: null }
  const next = { ...state, car, stuck: true, longRunMs: 0, creepMs: 0 }
  return report ? withFault(next, { scheme: 'retrofit-box', code: level ? '2' : '1', active: true }) : next
}

function withFault(state: ElevatorState, fault: Fault): ElevatorState {
  const others = state.active.filter(({ scheme, code }) => scheme !== fault.scheme || code !== fault.code)
  return { ...tell(state, [fault]), active: fault.active ? [...others, fault] : others }
}

function tell(state: ElevatorState, faults: readonly Fault[]): ElevatorState {
  return { ...state, toTell: [...state.toTell, ...faults] }
}

function ended(state: ElevatorState): Fault[] {
  return state.active.map((fault) => ({ ...fault, active: false }))
}

function indexOf(state: ElevatorState, options: InputOptions, name: string, fallback: number): number {
  const index = state.floors.indexOf(numberOption(options, name, fallback))
  if (index < 0) throw new RangeError(`${name} must be a floor of this lift: ${state.floors.join(', ')}`)
  return index
}

function text(options: InputOptions, name: string): string {
  const value = options[name]
  if (typeof value !== 'string' && typeof value !== 'number') throw new RangeError(`${name} must be given`)
  return String(value)
}

function standing({ car, mode, power, floors }: ElevatorState): string {
  return [floors[floorIndex(car)], car.door, car.passenger, mode, power, car.speedMps === 0].join()
}

function telemetry(state: ElevatorState): SimulatedMessage {
  const { car } = state
  return {
    channel: 'telemetry',
    payload: {
      ts: state.at,
      mode: state.mode,
      floor: state.floors[floorIndex(car)]!,
      direction: car.speedMps > 0 ? 'up' : car.speedMps < 0 ? 'down' : 'none',
      speed_mps: round(Math.abs(car.speedMps), 2),
      door: car.door,
      in_door_zone: isInDoorZone(car),
      passenger: car.passenger,
      load_percent: car.loadPercent,
      run_count: car.runCount,
      door_cycles: car.doorCycles,
      door_open_ms: car.doorOpenMs,
      door_close_ms: car.doorCloseMs,
      levelling_mm: round(car.levellingMm, 1),
      vibration_mg: round(car.speedMps === 0 ? 2.5 : car.vibrationMg, 1),
      power: state.power,
    },
  }
}
