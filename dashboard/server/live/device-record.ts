/** What is known of one device now: an observation that is late changes nothing of it. */
import type { EpochMs } from '../../../domain/clock.ts'
import type { FieldValues, KindDefinition } from '../../../domain/device-kind.ts'
import type { DeviceStatus } from '../../../domain/live.ts'
import type { Observation } from '../../../domain/reading.ts'
import { silenceMs, type SilenceClock } from './silence-clock.ts'

export interface DeviceRecord {
  /** The newest value of each field; null until heard. */
  readonly values: FieldValues | null
  /** The newest accepted `ts` of any channel. */
  readonly observedAt: EpochMs
  readonly receivedAt: EpochMs
  /** Lateness is judged for each channel, for events also for each code. */
  readonly telemetryAt: EpochMs | null
  readonly availabilityAt: EpochMs | null
  readonly eventsAt: Readonly<Record<string, EpochMs>>
  /** It or its will said `offline`, and nothing has been heard of it since. */
  readonly saidOffline: boolean
  /** The credential through which it was last heard. */
  readonly via: string
  readonly heardSeq: number
  readonly heardMs: number
}

export interface Heard {
  readonly via: string
  readonly seq: number
  /** On the silence clock. */
  readonly ms: number
}

const NOTHING = { values: null, observedAt: 0, receivedAt: 0, telemetryAt: null, availabilityAt: null, eventsAt: {} }

/** @returns the same record when the observation is late. */
export function hear(record: DeviceRecord | undefined, observation: Observation, heard: Heard): DeviceRecord | undefined {
  const before = record ?? NOTHING
  const at = observation.observedAt
  if (isLate(before, observation)) return record
  const common = {
    ...before,
    observedAt: Math.max(before.observedAt, at),
    receivedAt: Math.max(before.receivedAt, observation.receivedAt),
    saidOffline: false,
    via: heard.via,
    heardSeq: heard.seq,
    heardMs: heard.ms,
  }
  switch (observation.type) {
    case 'reading':
      return { ...common, telemetryAt: at, values: { ...before.values, ...observation.values } }
    case 'event': {
      // An event's further fields (`chainage_m`) are values too, unless newer telemetry has them.
      const values = at >= (before.telemetryAt ?? 0) ? { ...before.values, ...observation.values } : before.values
      return { ...common, eventsAt: { ...before.eventsAt, [observation.code]: at }, values }
    }
    case 'availability':
      return { ...common, availabilityAt: at, saidOffline: !observation.online }
  }
}

/** Our own clock was set back: what is known was heard as much earlier, so that the next reading is not late. */
export function setBack(record: DeviceRecord, backMs: number): DeviceRecord {
  const earlier = (at: EpochMs | null) => at && at - backMs
  return {
    ...record,
    observedAt: record.observedAt - backMs,
    receivedAt: record.receivedAt - backMs,
    telemetryAt: earlier(record.telemetryAt),
    availabilityAt: earlier(record.availabilityAt),
    eventsAt: Object.fromEntries(Object.entries(record.eventsAt).map(([code, at]) => [code, at - backMs])),
  }
}

function isLate(record: Pick<DeviceRecord, 'telemetryAt' | 'availabilityAt' | 'eventsAt'>, observation: Observation): boolean {
  const newest =
    observation.type === 'reading'
      ? record.telemetryAt
      : observation.type === 'event'
        ? record.eventsAt[observation.code]
        : record.availabilityAt
  return newest !== null && newest !== undefined && observation.observedAt < newest
}

export interface World {
  readonly clock: SilenceClock
  /** Journal number at which the gateway behind a credential went last; 0 = never, or no gateway's credential. */
  readonly goneSeq: (username: string) => number
  /** The server is still reading old entries: nothing is known. */
  readonly catchingUp: boolean
}

/** `unknown` never heard, or silent since its gateway went; `offline` it or its will said so; `stale` nothing for twice its expected interval; else `online`. */
export function deviceStatus(record: DeviceRecord | undefined, kind: KindDefinition, world: World): DeviceStatus {
  if (!record || world.catchingUp || !world.clock.intake) return 'unknown'
  if (record.saidOffline) return 'offline'
  if (record.heardSeq < world.goneSeq(record.via)) return 'unknown'
  const intervalMs = kind.expectedIntervalMs(record.values ?? {})
  return silenceMs(world.clock, { heardMs: record.heardMs, intervalMs }) > 2 * intervalMs ? 'stale' : 'online'
}
