/** What the live feed (socket.io, namespace `/live`) carries; server and screen share these shapes. */
import type { Alarm } from './alarm.ts'
import type { EpochMs } from './clock.ts'
import type { FieldValues } from './device-kind.ts'

export const DEVICE_STATUSES = ['online', 'stale', 'offline', 'unknown'] as const
/** `unknown` never heard, or silent since its gateway went; `offline` it or its will said so; `stale` nothing for twice its expected interval; else `online`. */
export type DeviceStatus = (typeof DEVICE_STATUSES)[number]

export interface DeviceState {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly status: DeviceStatus
  readonly observedAt: EpochMs | null
  readonly receivedAt: EpochMs | null
  /** The newest value of each field; null until heard. */
  readonly reading: FieldValues | null
}

export interface EstateSummary {
  readonly id: string
  readonly name: string
  /** Beyond the contract, as all below but `devices` and `standing`: where the estate's file has one. */
  readonly nameEn?: string
  readonly devices: Readonly<Record<string, { readonly total: number; readonly online: number }>>
  /** Metres of fence, and how many of them an armed and sound zone watches now; absent without a fence. */
  readonly fenceM?: { readonly total: number; readonly watched: number }
  readonly standing: { readonly p1: number; readonly p2: number; readonly p3: number }
  /** What the overview sorts by. `oldestUnacknowledgedAt` null = none. */
  readonly unacknowledged: { readonly p1: number; readonly p2: number; readonly p3: number }
  readonly oldestUnacknowledgedAt: EpochMs | null
  /** When the newest message of this estate came in; null = never. */
  readonly newestReceivedAt: EpochMs | null
}

export interface Snapshot {
  readonly estate: string
  readonly seq: number
  readonly devices: readonly DeviceState[]
  /** All that are not closed. */
  readonly alarms: readonly Alarm[]
}

export interface Changes {
  readonly estate: string
  readonly seq: number
  readonly devices: readonly DeviceState[]
}

/** Beside the contract's `now` and `seq`: how far the line behind this server is. */
export interface LineHealth {
  /** `at` of the broker's last tick seen; null = none yet. */
  readonly tickAt: EpochMs | null
  /** `at` of the last tick the alarm engine has committed. */
  readonly engineAt: EpochMs | null
  /** Journal entries this server has not yet seen. */
  readonly behind: number
  /** How far the telemetry store is behind, ms; null = unknown. */
  readonly storeLagMs: number | null
}

export interface Heartbeat {
  readonly now: EpochMs
  readonly seq: number
  readonly health: LineHealth
}

export interface ServerToClient {
  snapshot: (message: Snapshot) => void
  changes: (message: Changes) => void
  alarm: (alarm: Alarm) => void
  heartbeat: (message: Heartbeat) => void
  estates: (message: readonly EstateSummary[]) => void
  refused: (message: { readonly estate: string; readonly code: string }) => void
  'session-ended': () => void
}

export interface ClientToServer {
  watch: (what: { readonly estate: string } | { readonly estates: true }) => void
}
