/** Goes through the journal and picks what belongs into a recording: an estate's messages, its gateways' comings and goings, and the ticks. */
import type { EpochMs } from '../../domain/clock.ts'
import { parseCredentialUsername } from '../../domain/credential.ts'
import type { JournalEntry, JournalReader } from '../../domain/journal.ts'
import { SYSTEM_TOPICS, type Presence } from '../../domain/system.ts'

export interface ExportFilter {
  /** Absent: everything, our own messages included. */
  readonly estate?: string
  readonly from?: EpochMs
  readonly to?: EpochMs
}

/** Alarms, actions and records of the running system are not in an estate's recording: a replay makes its own. */
export function belongsToExport(entry: JournalEntry, { estate, from, to }: ExportFilter): boolean {
  const { receivedAt, topic } = entry
  if ((from !== undefined && receivedAt < from) || (to !== undefined && receivedAt > to)) return false
  if (estate === undefined || topic === SYSTEM_TOPICS.tick) return true
  if (topic === SYSTEM_TOPICS.presence) {
    const { username } = JSON.parse(Buffer.from(entry.payload).toString()) as Presence
    return parseCredentialUsername(username)?.estate === estate
  }
  return topic.startsWith(`estates/${estate}/`)
}

export function* exportEntries(journal: JournalReader, filter: ExportFilter): Generator<JournalEntry> {
  const head = journal.head() // what comes while we read is for the next time
  for (let cursor = journal.first() - 1; cursor < head;) {
    const slice = journal.read(cursor, 2_000)
    if (slice.length === 0) return
    for (const entry of slice) if (entry.seq <= head && belongsToExport(entry, filter)) yield entry
    cursor = slice.at(-1)!.seq
  }
}
