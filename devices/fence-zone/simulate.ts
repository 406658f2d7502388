/** A zone of pulse fence: its peak voltage moves with rain, and what is done to the wire is told at once. */
import { SECOND_MS } from '../../domain/clock.ts'
import { siteOf } from '../../domain/estate.ts'
import {
  numberOption,
  round,
  wander,
  type DeviceSimulation,
  type InputOptions,
  type SimulatedMessage,
  type SimulatedState,
} from '../simulation.ts'
import type { FenceZoneSite } from './site.ts'
import { rainMmPerHour } from './weather.ts'

const INTERVAL_MS = 10 * SECOND_MS
const USUAL_KV = 6.4 // GB/T 7946-2015: 5–10 kV
const KV_LOST_PER_MM_RAIN = 0.018 // wet insulators leak
/** From the worst: what telemetry says when several hold at once. */
const CONDITIONS = ['cut', 'climb', 'tamper', 'short', 'touch', 'power-off', 'low-voltage'] as const
type Condition = (typeof CONDITIONS)[number]

interface Active {
  readonly chainageM?: number
  /** Ends by itself after this; absent: stays until `clear`. */
  readonly leftMs?: number
}

interface FenceZoneState extends SimulatedState {
  readonly fromM: number
  readonly toM: number
  readonly armed: boolean
  /** This zone's own mean, by its length and its plants. */
  readonly ownKv: number
  readonly noiseKv: number
  readonly stormMmPerHour: number | null
  readonly active: Readonly<Partial<Record<Condition, Active>>>
  readonly sinceSentMs: number
  /** Events that the next step sends; telemetry follows them. */
  readonly toTell: readonly { readonly code: Condition; readonly active: boolean; readonly chainageM?: number }[]
  readonly changed: boolean
}

export const simulation: DeviceSimulation<FenceZoneState> = {
  stepMs: SECOND_MS,
  begin({ device, at, lifeOffsetMs, random }) {
    const { fromM, toM } = siteOf<FenceZoneSite>(device)
    return {
      at,
      lifeOffsetMs,
      fromM,
      toM,
      armed: true,
      ownKv: USUAL_KV + (random() - 0.5) * 0.3,
      noiseKv: 0,
      stormMmPerHour: null,
      active: {},
      sinceSentMs: Math.floor(random() * INTERVAL_MS),
      toTell: [],
      changed: false,
    }
  },
  step(state, elapsedMs, random) {
    const at = state.at + elapsedMs
    const { active, ended } = letPass(state.active, elapsedMs)
    const toTell = [...state.toTell, ...ended.map((code) => ({ code, active: false, ...chainage(state.active[code]) }))]
    const tell = toTell.length > 0 || state.changed
    const due = tell || state.sinceSentMs + elapsedMs >= INTERVAL_MS
    const noiseKv = due ? wander(state.noiseKv, { mean: 0, pull: 0.3, spread: 0.05, min: -0.12, max: 0.12 }, random) : state.noiseKv
    const sinceSentMs = due && !tell ? 0 : (state.sinceSentMs + elapsedMs) % INTERVAL_MS
    const next: FenceZoneState = { ...state, at, active, noiseKv, sinceSentMs, toTell: [], changed: false }
    const events = toTell.map(({ code, active: on, chainageM }): SimulatedMessage => {
      const place = chainageM === undefined ? {} : { chainage_m: chainageM }
      return { channel: 'event', payload: { ts: at, code, active: on, ...place } }
    })
    return { state: next, messages: due ? [...events, telemetry(next)] : events }
  },
  present: (state) => [telemetry(state)],
  inputs: {
    ...Object.fromEntries(CONDITIONS.map((code) => [code, (state: FenceZoneState, options: InputOptions) => begin(state, code, options)])),
    clear: (state) => ({
      ...state,
      active: {},
      toTell: [...state.toTell, ...present(state.active).map((code) => ({ code, active: false, ...chainage(state.active[code]) }))],
      changed: true,
    }),
    arm: (state) => ({ ...state, armed: true, changed: true }),
    disarm: (state) => ({ ...state, armed: false, changed: true }),
    rain: (state, options) => ({ ...state, stormMmPerHour: numberOption(options, 'mm_per_h', 20) }),
    'usual-weather': (state) => ({ ...state, stormMmPerHour: null }),
  },
}

function begin(state: FenceZoneState, code: Condition, options: InputOptions): FenceZoneState {
  const middle = (state.fromM + state.toM) / 2
  const chainageM = numberOption(options, 'chainage_m', middle)
  if (chainageM < state.fromM || chainageM > state.toM)
    throw new RangeError(`chainage_m must be from ${state.fromM} to ${state.toM}, the metres of this zone`)
  const brief = code === 'touch' || code === 'climb'
  const seconds = options['seconds'] === undefined && !brief ? undefined : numberOption(options, 'seconds', code === 'touch' ? 3 : 8)
  const placed = code === 'power-off' || code === 'low-voltage' ? {} : { chainageM }
  const entry: Active = { ...placed, ...(seconds === undefined ? {} : { leftMs: seconds * SECOND_MS }) }
  return {
    ...state,
    active: { ...state.active, [code]: entry },
    toTell: [...state.toTell, { code, active: true, ...placed }],
  }
}

function letPass(active: FenceZoneState['active'], elapsedMs: number): { active: FenceZoneState['active']; ended: Condition[] } {
  const ended: Condition[] = []
  const left: Partial<Record<Condition, Active>> = {}
  for (const code of present(active)) {
    const entry = active[code]!
    if (entry.leftMs !== undefined && entry.leftMs <= elapsedMs) ended.push(code)
    else left[code] = entry.leftMs === undefined ? entry : { ...entry, leftMs: entry.leftMs - elapsedMs }
  }
  return { active: left, ended }
}

function present(active: FenceZoneState['active']): Condition[] {
  return CONDITIONS.filter((code) => active[code] !== undefined)
}

function chainage(entry: Active | undefined): { chainageM?: number } {
  return entry?.chainageM === undefined ? {} : { chainageM: entry.chainageM }
}

function telemetry(state: FenceZoneState): SimulatedMessage {
  const worst = present(state.active)[0]
  const place = worst === undefined ? {} : chainage(state.active[worst])
  return {
    channel: 'telemetry',
    payload: {
      ts: state.at,
      armed: state.armed,
      state: worst ?? 'normal',
      voltage_kv: round(Math.max(0, voltage(state)), 2),
      ...(place.chainageM === undefined ? {} : { chainage_m: place.chainageM }),
    },
  }
}

function voltage(state: FenceZoneState): number {
  const rain = state.stormMmPerHour ?? rainMmPerHour(state.at + state.lifeOffsetMs)
  const dry = state.ownKv + state.noiseKv
  if (state.active['power-off']) return 0
  if (state.active['short']) return 0.6
  if (state.active['cut']) return dry + 0.3 // measured where the pulse leaves: an open wire loads it less
  if (state.active['low-voltage']) return 4.8
  return dry - Math.min(0.45, rain * KV_LOST_PER_MM_RAIN) - (state.active['touch'] ? 0.1 : 0)
}
