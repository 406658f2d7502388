/** Puts one journal entry into what ingest has to do for it: points to store, letters to keep, a new revision, a replay. Never throws. */
import type { JournalEntry } from '../domain/journal.ts'
import type { Decoded } from '../domain/reading.ts'
import { SYSTEM_CLIENT, SYSTEM_TOPICS, type Failed, type RecordsChanged, type Refused, type Replay } from '../domain/system.ts'
import type { TelemetryPoint } from '../domain/telemetry.ts'
import type { DeadLetter } from './dead-letters-writer.ts'
import { decode, type DecodeContext } from './decode.ts'
import { toPoints } from './point.ts'

export interface DigestedPoint {
  readonly point: TelemetryPoint
  /** The entry it came from, in case the store refuses it. */
  readonly seq: number
  readonly ordinal: number
}

export interface Digest {
  readonly points: readonly DigestedPoint[]
  readonly letters: readonly DeadLetter[]
  readonly unknownFields: number
  /** Messages of a clock that runs more than 10 s ahead. */
  readonly clockFaults: number
  readonly revision?: number
  readonly replay?: Replay
  /** A fault of our own, already among the letters. */
  readonly failure?: unknown
}

export interface DigestContext extends DecodeContext {
  readonly decode?: typeof decode
}

const NOTHING: Digest = { points: [], letters: [], unknownFields: 0, clockFaults: 0 }

export function digest(entry: JournalEntry, context: DigestContext): Digest {
  try {
    return entry.client === SYSTEM_CLIENT ? digestSystem(entry) : digestMessage(entry, (context.decode ?? decode)(entry, context))
  } catch (failure) {
    const detail = `A fault of ours while this message was read: ${String(failure).slice(0, 500)}`
    return { ...NOTHING, letters: [{ entry, ordinal: 0, rejection: { reason: 'internal-error', detail } }], failure }
  }
}

function digestMessage(entry: JournalEntry, decoded: readonly Decoded[]): Digest {
  if (decoded.length === 0) return NOTHING
  const points: DigestedPoint[] = []
  const letters: DeadLetter[] = []
  let unknownFields = 0
  let clockFaults = 0
  for (const [ordinal, outcome] of decoded.entries()) {
    if (outcome.ok) {
      for (const point of toPoints(outcome.observation)) points.push({ point, seq: entry.seq, ordinal })
      unknownFields += outcome.unknownFields.length
      if (outcome.observation.clockAheadMs !== undefined) clockFaults++
    } else {
      letters.push({ entry, ordinal, rejection: outcome })
    }
  }
  return { points, letters, unknownFields, clockFaults }
}

function digestSystem(entry: JournalEntry): Digest {
  switch (entry.topic) {
    case SYSTEM_TOPICS.records:
      return { ...NOTHING, revision: parse<RecordsChanged>(entry).revision }
    case SYSTEM_TOPICS.replay:
      return { ...NOTHING, replay: parse<Replay>(entry) }
    case SYSTEM_TOPICS.refused: {
      const { username, topic, payloadBase64, detail } = parse<Refused>(entry)
      const refused = { ...entry, client: username, topic, payload: Buffer.from(payloadBase64, 'base64') }
      return { ...NOTHING, letters: [{ entry: refused, ordinal: 0, rejection: { reason: 'not-allowed', detail } }] }
    }
    case SYSTEM_TOPICS.failed: {
      const { client, topic, payloadBase64, detail } = parse<Failed>(entry)
      const failed = { ...entry, client, topic, payload: Buffer.from(payloadBase64, 'base64') }
      return { ...NOTHING, letters: [{ entry: failed, ordinal: 0, rejection: { reason: 'internal-error', detail } }] }
    }
    default:
      return NOTHING
  }
}

/** Our own messages only come from our own processes, so their form is trusted. */
function parse<T>({ payload }: JournalEntry): T {
  return JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8')) as T
}
