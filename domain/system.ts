/** Our own messages in the journal, on `system/…` topics: reachable only over the broker's socket, each payload bears its version `v`. */
import type { Alarm, AlarmActionName } from './alarm.ts'
import type { EpochMs } from './clock.ts'

export const SYSTEM_VERSION = 1
export const SYSTEM_CLIENT = 'system'

/** Each second, from the broker: the journal's own time. `elapsedMs` is monotonic over restarts; one tick adds at most 2 s. */
export interface Tick {
  readonly v: 1
  readonly at: EpochMs
  readonly elapsedMs: number
  /** `false` while the broker takes nothing in (disk full): time that counts as no silence. */
  readonly intake: boolean
  /** Present when the wall clock jumped by this much against the monotonic one. */
  readonly jumpMs?: number
  /** Present on the first tick after a start, or after more than 5 s without one: the wall length since the last tick before it. */
  readonly gapMs?: number
}

/** A change of estates, people or rules: entries after this one are evaluated with this revision. */
export interface RecordsChanged {
  readonly v: 1
  readonly revision: number
}

/**
 * A credential's connections changed. `gone`: a connection ended; the credential itself is gone when `connections` is 0.
 * `closed-by-us`: ended by the broker (disk, restart, a publish outside its rights); `gone` follows when it is not back within 60 s.
 */
export interface Presence {
  readonly v: 1
  readonly username: string
  readonly what: 'connected' | 'gone' | 'closed-by-us'
  /** Connections of this credential that are left. */
  readonly connections: number
  readonly clientId: string
  readonly address: string
  /** On `connected`: the same client id was connected already and that connection was closed for this one. */
  readonly takeOver?: true
}

/** A publish outside a credential's rights; the payload's first bytes are kept, base64. */
export interface Refused {
  readonly v: 1
  readonly username: string
  readonly topic: string
  readonly payloadBase64: string
  readonly detail: string
}

/** An entry on which the alarm engine failed: it goes on, and ingest keeps the message as a dead letter `internal-error`. */
export interface Failed {
  readonly v: 1
  /** The entry's number, sender, topic and payload (base64). */
  readonly seq: number
  readonly client: string
  readonly topic: string
  readonly payloadBase64: string
  /** Names the entry, and the rule and device where a rule failed. */
  readonly detail: string
}

/** Someone asks that dead letters be read again after a fix: those with these ids, of this reason, or all. */
export interface Replay {
  readonly v: 1
  readonly id: string
  readonly reason?: string
  readonly ids?: readonly string[]
}

/** A person's action on an alarm, ordered among the readings. */
export interface Action {
  readonly v: 1
  /** `Idempotency-Key` or a random id; the result bears it. */
  readonly id: string
  readonly alarm: string
  readonly action: AlarmActionName
  readonly by: string
  /** The transition the person saw, where given: raised again since is refused. */
  readonly transition?: number
  readonly text?: string
  readonly person?: string
  readonly until?: EpochMs
  readonly reason?: string
}

/** What became of an action: the alarm as it is now, or the code of the refusal. */
export interface ActionResult {
  readonly v: 1
  readonly id: string
  readonly alarm?: Alarm
  readonly refusal?: { readonly code: string; readonly message: string }
}

/** A transition from the engine's outbox; idempotent by alarm id and transition number. */
export interface AlarmChanged {
  readonly v: 1
  readonly alarm: Alarm
}

/** Each second, from the alarm engine: the `at` of the last tick it has committed. */
export interface EngineAlive {
  readonly v: 1
  readonly at: EpochMs
  readonly seq: number
}

/** A fault of our own that is an alarm: disk, store, journal gap, internal error. */
export interface SystemFault {
  readonly v: 1
  readonly code: 'disk-low' | 'store-down' | 'journal-gap' | 'internal-error'
  readonly active: boolean
  readonly detail: string
  /** What it is about, where a code has more than one: `telemetry` for the readings that a short disk costs. */
  readonly subject?: string
}

export const SYSTEM_TOPICS = {
  tick: 'system/tick',
  records: 'system/records',
  presence: 'system/presence',
  refused: 'system/refused',
  failed: 'system/failed',
  replay: 'system/replay',
  action: 'system/action',
  actionResult: 'system/action-result',
  alarm: 'system/alarm',
  engine: 'system/engine',
  fault: 'system/fault',
} as const
