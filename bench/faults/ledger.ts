/** What the load has sent, and what of it was acknowledged: the book that the stores are held against. */
import type { Login } from '../../simulators/virtual-gateway.ts'

export interface LoadDevice {
  readonly estate: string
  readonly kind: 'camera' | 'elevator' | 'fence-zone'
  readonly id: string
}

export interface LoadGateway {
  readonly login: Login
  readonly devices: readonly LoadDevice[]
}

/** What the load process is given first. */
export interface LoadWork {
  readonly mqttPort: number
  readonly gateways: readonly LoadGateway[]
  readonly rate: number
  readonly seed: number
  /** Where the ledger is written at the end. */
  readonly file: string
}

export type ToLoad = { readonly type: 'work'; readonly work: LoadWork } | { readonly type: 'stop' }
export type FromLoad =
  | { readonly type: 'ready' }
  | { readonly type: 'figures'; readonly sent: number; readonly acknowledged: number }
  | { readonly type: 'done' }

/** Message `n` was about `devices[device[n]]` at `ts[n]`; of one device no two have the same instant. */
export interface Ledger {
  readonly devices: readonly LoadDevice[]
  readonly device: readonly number[]
  readonly ts: readonly number[]
  /** 1 = an event. */
  readonly event: readonly (0 | 1)[]
  /** 1 = acknowledged. */
  readonly acknowledged: readonly (0 | 1)[]
}

/** Cameras and lifts bear the number of their message in a field of their own, so that a reading which is there twice is seen. */
export const NUMBER_FIELD: Readonly<Record<string, string | undefined>> = { camera: 'bitrate_kbps', elevator: 'run_count' }

/** A bit rate goes to 200,000: in steps of an eighth that is 1.6 million messages; more begin again. */
export function numberFor(kind: string, n: number): number | undefined {
  if (kind === 'camera') return (n % 1_600_000) / 8
  return kind === 'elevator' ? n : undefined
}
