/** A gateway's own messages: how long it is up, how much waits in it, and a clock that drifts until the network sets it right. */
import { DAY_MS, SECOND_MS } from '../../domain/clock.ts'
import { numberOption, round, type DeviceSimulation, type SimulatedMessage, type SimulatedState } from '../simulation.ts'

const INTERVAL_MS = 30 * SECOND_MS
const SET_CLOCK_EVERY_MS = DAY_MS / 4
const LARGEST_DRIFT_MS = 900

interface GatewayState extends SimulatedState {
  readonly upMs: number
  readonly queued: number
  readonly clockOffsetMs: number
  /** Milliseconds a day: quartz in a warm box. */
  readonly driftMsPerDay: number
  readonly sinceSetMs: number
  readonly sinceSentMs: number
}

export const simulation: DeviceSimulation<GatewayState> = {
  stepMs: INTERVAL_MS,
  begin: ({ at, lifeOffsetMs, random }) => ({
    at,
    lifeOffsetMs,
    upMs: Math.floor(random() * 40 * DAY_MS),
    queued: 0,
    clockOffsetMs: Math.round((random() - 0.5) * 80),
    driftMsPerDay: (random() - 0.5) * 1200,
    sinceSetMs: 0,
    sinceSentMs: 0,
  }),
  step(state, elapsedMs, random) {
    const setNow = state.sinceSetMs + elapsedMs >= SET_CLOCK_EVERY_MS
    const drifted = state.clockOffsetMs + (state.driftMsPerDay * elapsedMs) / DAY_MS
    const due = state.sinceSentMs + elapsedMs >= INTERVAL_MS
    const next: GatewayState = {
      ...state,
      at: state.at + elapsedMs,
      upMs: state.upMs + elapsedMs,
      clockOffsetMs: setNow && Math.abs(drifted) < LARGEST_DRIFT_MS ? (random() - 0.5) * 40 : drifted,
      sinceSetMs: setNow ? 0 : state.sinceSetMs + elapsedMs,
      sinceSentMs: due ? 0 : state.sinceSentMs + elapsedMs,
    }
    return { state: next, messages: due ? [telemetry(next)] : [] }
  },
  present: (state) => [telemetry(state)],
  inputs: {
    /** The box's own count of messages that wait for the connection. */
    queued: (state, options) => ({ ...state, queued: numberOption(options, 'messages', 0) }),
    clock: (state, options) => ({ ...state, clockOffsetMs: numberOption(options, 'offset_ms', 0), sinceSentMs: INTERVAL_MS }),
    restart: (state) => ({ ...state, upMs: 0, queued: 0, sinceSentMs: INTERVAL_MS }),
  },
  clockOffsetMs: (state) => Math.round(state.clockOffsetMs),
}

function telemetry(state: GatewayState): SimulatedMessage {
  return {
    channel: 'telemetry',
    payload: {
      ts: state.at,
      uptime_s: Math.floor(state.upMs / SECOND_MS),
      queued: state.queued,
      clock_offset_ms: round(state.clockOffsetMs, 0),
    },
  }
}
