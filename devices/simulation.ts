/** What a kind's simulator is: pure steps from one state to the next, with the messages a device of that kind would send meanwhile. */
import { DAY_MS, HOUR_MS, type EpochMs } from '../domain/clock.ts'
import type { FieldValue } from '../domain/device-kind.ts'
import type { EstateDevice } from '../domain/estate.ts'

/** The next number of a seeded series, 0 ≤ n < 1. */
export type Random = () => number

/** One message by the device's own clock; `ts` is always there. */
export interface SimulatedMessage {
  readonly channel: 'telemetry' | 'event'
  readonly payload: { readonly ts: EpochMs } & Readonly<Record<string, FieldValue>>
}

export interface SimulatedState {
  /** The device's clock at the end of the last step. */
  readonly at: EpochMs
  /** Added to `at` where habits are asked for: an evening can be lived at noon. */
  readonly lifeOffsetMs: number
}

export interface SimulatedStep<State> {
  readonly state: State
  readonly messages: readonly SimulatedMessage[]
}

export interface SimulationStart {
  readonly device: EstateDevice
  readonly at: EpochMs
  readonly lifeOffsetMs: number
  readonly random: Random
}

export type InputOptions = Readonly<Record<string, FieldValue>>

export interface DeviceSimulation<State extends SimulatedState = SimulatedState> {
  /** The next step comes at most this much later. */
  readonly stepMs: number
  begin(start: SimulationStart): State
  step(state: State, elapsedMs: number, random: Random): SimulatedStep<State>
  /** What the device says when its gateway (re)connects: its present values, and events that are still active. */
  present(state: State): readonly SimulatedMessage[]
  /** What can happen to the device from outside: faults, people, commands. The next step tells of it. */
  readonly inputs: Readonly<Record<string, (state: State, options: InputOptions) => State>>
  /** A clock that its messages follow, ahead of or behind true time (gateways: for all devices behind them). */
  clockOffsetMs?(state: State): number
}

/** Hour of the day in Shanghai (UTC+8 all year), 0 ≤ h < 24, by the habits' clock. */
export function habitHour({ at, lifeOffsetMs }: SimulatedState): number {
  return ((((at + lifeOffsetMs + 8 * HOUR_MS) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS
}

/** Reads a table of 24 hourly values between its hours. */
export function ofHour(table: readonly number[], hour: number): number {
  const from = Math.floor(hour) % 24
  const part = hour - Math.floor(hour)
  return table[from]! * (1 - part) + table[(from + 1) % 24]! * part
}

/** Degrees Celsius outdoors in Shanghai: the season, then the time of day. */
export function outdoorCelsius(state: SimulatedState): number {
  const day = ((state.at + state.lifeOffsetMs) / DAY_MS) % 365.25
  return 17 - 12 * Math.cos(((day - 20) / 365.25) * 2 * Math.PI) - 4 * Math.cos(((habitHour(state) - 3) / 24) * 2 * Math.PI)
}

/** A value that drifts at random and is drawn back to its mean, inside its limits. */
export function wander(
  value: number,
  to: { mean: number; pull: number; spread: number; min: number; max: number },
  random: Random,
): number {
  const next = value + (to.mean - value) * to.pull + (random() - 0.5) * 2 * to.spread
  return Math.min(to.max, Math.max(to.min, next))
}

export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals
  return Math.round(value * factor) / factor + 0 // + 0: no minus zero
}

/** A numeric option of an input, or what it is when not given. @throws RangeError for another type */
export function numberOption(options: InputOptions, name: string, fallback: number): number {
  const value = options[name] ?? fallback
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`${name} must be a number`)
  return value
}

/** A word among those allowed. @throws RangeError for another */
export function wordOption<Word extends string>(options: InputOptions, name: string, words: readonly Word[], fallback: Word): Word {
  const value = options[name] ?? fallback
  const word = words.find((known) => known === value)
  if (word === undefined) throw new RangeError(`${name} must be one of ${words.join(', ')}`)
  return word
}
