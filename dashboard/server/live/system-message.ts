/** Reads one of our own messages in the journal; one of a later version is left alone. */
import type { JournalEntry } from '../../../domain/journal.ts'
import {
  SYSTEM_TOPICS,
  SYSTEM_VERSION,
  type ActionResult,
  type AlarmChanged,
  type EngineAlive,
  type Presence,
  type RecordsChanged,
  type Refused,
  type Tick,
} from '../../../domain/system.ts'

export type SystemMessage =
  | ({ readonly type: 'tick' } & Tick)
  | ({ readonly type: 'records' } & RecordsChanged)
  | ({ readonly type: 'presence' } & Presence)
  | ({ readonly type: 'engine' } & EngineAlive)
  | ({ readonly type: 'alarm' } & AlarmChanged)
  | ({ readonly type: 'action-result' } & ActionResult)
  | ({ readonly type: 'refused' } & Refused)

const TYPES: Readonly<Record<string, SystemMessage['type']>> = {
  [SYSTEM_TOPICS.tick]: 'tick',
  [SYSTEM_TOPICS.records]: 'records',
  [SYSTEM_TOPICS.presence]: 'presence',
  [SYSTEM_TOPICS.engine]: 'engine',
  [SYSTEM_TOPICS.alarm]: 'alarm',
  [SYSTEM_TOPICS.actionResult]: 'action-result',
  [SYSTEM_TOPICS.refused]: 'refused',
}

export function readSystemMessage(entry: Pick<JournalEntry, 'topic' | 'payload'>): SystemMessage | undefined {
  const type = TYPES[entry.topic]
  if (!type) return undefined
  const message = JSON.parse(new TextDecoder().decode(entry.payload)) as { readonly v: number }
  return message.v === SYSTEM_VERSION ? ({ ...message, type } as unknown as SystemMessage) : undefined
}
