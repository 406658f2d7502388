/** What the broker answers to `request('stats')`: the operations page shows it. */
import type { EpochMs } from './clock.ts'

export interface BrokerStats {
  readonly journal: { readonly first: number; readonly head: number; readonly bytes: number; readonly segments: number }
  readonly clients: readonly ClientStats[]
  readonly refusals: readonly RefusalStats[]
  /** Free space of the data folder and what it means: `ok`, `low` (warning), `floor` (some telemetry refused), `full` (nothing taken in). */
  readonly disk: { readonly freeMib: number; readonly stage: 'ok' | 'low' | 'floor' | 'full' }
  /** Messages that wait for a commit. */
  readonly waiting: number
}

export interface ClientStats {
  readonly username: string
  readonly clientId: string
  readonly address: string
  readonly connectedAt: EpochMs
  readonly protocol: 'mqtt' | 'mqtts' | 'ws'
  /** Published on this connection. */
  readonly messages: number
}

export interface RefusalStats {
  /** As the client gave it; empty when it gave none. */
  readonly username: string
  readonly what: RefusalReason
  readonly count: number
  readonly lastAt: EpochMs
  readonly detail: string
}

export const REFUSAL_REASONS = [
  'wrong-credentials',
  'too-many-failures',
  'bad-client-id',
  'no-credentials-yet',
  'disk-full',
  'will',
  'publish',
  'subscribe',
  'retain', // more retained topics than a credential may keep: taken, not retained
  'protocol', // not MQTT, too large a packet, no CONNECT in time
  'too-slow', // reads more slowly than it is sent to
  'too-many-connections',
] as const
export type RefusalReason = (typeof REFUSAL_REASONS)[number]
