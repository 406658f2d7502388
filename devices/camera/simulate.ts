/** A camera's health: warm by day, its disk filled and recycled, its clock drifting until the network sets it. */
import { DAY_MS, SECOND_MS } from '../../domain/clock.ts'
import {
  habitHour,
  numberOption,
  outdoorCelsius,
  round,
  wander,
  wordOption,
  type DeviceSimulation,
  type SimulatedMessage,
  type SimulatedState,
} from '../simulation.ts'

const INTERVAL_MS = 30 * SECOND_MS
const OWN_HEAT_CELSIUS = 17
/** What the alarm code of each picture fault is on the `event` channel. */
const EVENT_OF_VIDEO = { lost: 'video-lost', covered: 'covered', blurred: 'blurred', frozen: 'frozen' } as const
type Video = 'ok' | keyof typeof EVENT_OF_VIDEO

interface CameraState extends SimulatedState {
  readonly recording: boolean
  readonly video: Video
  readonly bitrateKbps: number
  readonly storagePercent: number
  /** The recorder frees old days at this mark. */
  readonly recycleAtPercent: number
  readonly clockOffsetMs: number
  readonly driftMsPerDay: number
  /** Sun or shade, lens heater, age: how much warmer than the usual camera. */
  readonly warmerCelsius: number
  /** Set by hand: heat, disk and clock that stay as they were put. */
  readonly held: { readonly celsius?: number; readonly storagePercent?: number; readonly clockOffsetMs?: number }
  readonly sinceSentMs: number
  readonly toTell: readonly { readonly code: string; readonly active: boolean }[]
}

export const simulation: DeviceSimulation<CameraState> = {
  stepMs: 5 * SECOND_MS,
  begin: ({ at, lifeOffsetMs, random }) => {
    const recycleAtPercent = 80 + random() * 8
    return {
      at,
      lifeOffsetMs,
      recording: true,
      video: 'ok',
      bitrateKbps: 3500 + random() * 1200,
      storagePercent: 40 + random() * (recycleAtPercent - 40),
      recycleAtPercent,
      clockOffsetMs: (random() - 0.5) * 400,
      driftMsPerDay: (random() - 0.5) * 900,
      warmerCelsius: (random() - 0.5) * 5,
      held: {},
      sinceSentMs: Math.floor(random() * INTERVAL_MS),
      toTell: [],
    }
  },
  step(state, elapsedMs, random) {
    const at = state.at + elapsedMs
    const tell = state.toTell.length > 0
    const due = tell || state.sinceSentMs + elapsedMs >= INTERVAL_MS
    const moved = { ...state, at, sinceSentMs: due && !tell ? 0 : (state.sinceSentMs + elapsedMs) % INTERVAL_MS, toTell: [] }
    const next = live(moved, elapsedMs, random)
    const events = state.toTell.map((event): SimulatedMessage => ({ channel: 'event', payload: { ts: at, ...event } }))
    return { state: next, messages: due ? [...events, telemetry(next)] : events }
  },
  present: (state) => [telemetry(state)],
  inputs: {
    lost: (state) => see(state, 'lost'),
    covered: (state) => see(state, 'covered'),
    blurred: (state) => see(state, 'blurred'),
    frozen: (state) => see(state, 'frozen'),
    /** The picture is good again. */
    uncovered: (state) => see(state, 'ok'),
    'not-recording': (state) => ({ ...state, recording: false, toTell: [...state.toTell, { code: 'not-recording', active: true }] }),
    heat: (state, options) => hold(state, { celsius: numberOption(options, 'celsius', 72) }),
    storage: (state, options) => hold(state, { storagePercent: numberOption(options, 'percent', 96) }),
    clock: (state, options) => hold(state, { clockOffsetMs: numberOption(options, 'offset_ms', 9000) }),
    video: (state, options) => see(state, wordOption(options, 'video', ['ok', 'lost', 'covered', 'blurred', 'frozen'], 'ok')),
    clear: (state) => {
      const good = see(state, 'ok')
      const toTell = state.recording ? good.toTell : [...good.toTell, { code: 'not-recording', active: false }]
      return { ...good, recording: true, held: {}, toTell, sinceSentMs: INTERVAL_MS }
    },
  },
}

function live(state: CameraState, elapsedMs: number, random: () => number): CameraState {
  const full = state.storagePercent >= state.recycleAtPercent
  const setClock = random() < elapsedMs / (DAY_MS / 2) // twice a day, when the recorder asks
  return {
    ...state,
    bitrateKbps: wander(state.bitrateKbps, { mean: isNight(state) ? 2600 : 4100, pull: 0.05, spread: 90, min: 900, max: 7800 }, random),
    storagePercent: full ? state.recycleAtPercent - 1.5 : state.storagePercent + (elapsedMs / DAY_MS) * 3,
    clockOffsetMs: setClock ? (random() - 0.5) * 60 : state.clockOffsetMs + (state.driftMsPerDay * elapsedMs) / DAY_MS,
  }
}

function see(state: CameraState, video: Video): CameraState {
  if (video === state.video) return state
  const ended = state.video === 'ok' ? [] : [{ code: EVENT_OF_VIDEO[state.video], active: false }]
  const begun = video === 'ok' ? [] : [{ code: EVENT_OF_VIDEO[video], active: true }]
  return { ...state, video, toTell: [...state.toTell, ...ended, ...begun] }
}

/** The next step sends it, as telemetry alone: a camera has no event of its own for heat, disk and clock. */
function hold(state: CameraState, held: CameraState['held']): CameraState {
  return { ...state, held: { ...state.held, ...held }, sinceSentMs: INTERVAL_MS }
}

function isNight(state: SimulatedState): boolean {
  const hour = habitHour(state)
  return hour < 6 || hour >= 18.5
}

function telemetry(state: CameraState): SimulatedMessage {
  const black = state.video === 'lost'
  return {
    channel: 'telemetry',
    payload: {
      ts: state.at,
      recording: state.recording,
      video: state.video,
      fps: black || state.video === 'frozen' ? 0 : 25,
      bitrate_kbps: black ? 0 : round(state.video === 'covered' ? state.bitrateKbps / 6 : state.bitrateKbps, 0),
      storage_used_percent: round(state.held.storagePercent ?? state.storagePercent, 1),
      temperature_celsius: round(state.held.celsius ?? outdoorCelsius(state) + OWN_HEAT_CELSIUS + state.warmerCelsius, 1),
      clock_offset_ms: round(state.held.clockOffsetMs ?? state.clockOffsetMs, 0),
    },
  }
}
