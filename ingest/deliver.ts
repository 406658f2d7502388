/** Writes one batch: points and cursor into the telemetry store, then letters and cursor into ingest's own file. */
import type { JournalEntry, JournalReader } from '../domain/journal.ts'
import type { Replay } from '../domain/system.ts'
import type { TelemetryPoint, TelemetryStore } from '../domain/telemetry.ts'
import type { Batch } from './batch.ts'
import type { DeadLetter, DeadLettersWriter } from './dead-letters-writer.ts'
import type { Digest, DigestedPoint } from './digest.ts'
import type { Room } from './room.ts'

export interface DeliverTools {
  readonly store: TelemetryStore
  readonly letters: DeadLettersWriter
  readonly journal: Pick<JournalReader, 'read'>
  readonly room?: Pick<Room, 'demand'>
  /** Reads an entry anew by the records in force now. */
  readonly readAgain: (entry: JournalEntry) => Digest
}

const REPLAYED_AT_ONCE = 50

/**
 * May be repeated after any failure: the same points fall on themselves, the same letters too. `before` is the delivery of the batch before this one:
 * points of both may be on their way, cursors and letters keep their order. @throws AppError `store-down`, `disk-full`
 */
export async function deliver(
  batch: Batch,
  { before, ...tools }: DeliverTools & { readonly before: Promise<unknown> },
): Promise<{ readonly stored: number; readonly rejected: number }> {
  const { store, letters, journal } = tools
  tools.room?.demand()
  const cursor = batch.cursor!
  if (batch.replay) await replay(batch.replay, { ...tools, cursor: cursor - 1 })
  const refused = await writeAll(batch.points, {
    store,
    cursor,
    entryOf: (seq) => journal.read(seq - 1, 1).find((entry) => entry.seq === seq),
  })
  await before
  const all = [...batch.letters, ...refused]
  letters.commit({ cursor, letters: all, revisions: batch.revisions })
  return { stored: batch.points.length - refused.length, rejected: all.length }
}

interface WriteTools {
  readonly store: TelemetryStore
  readonly cursor: number
  /** A refused point is rare, so the entries of all points are not kept until they are stored. */
  readonly entryOf: (seq: number) => JournalEntry | undefined
}

async function writeAll(digested: readonly DigestedPoint[], { store, cursor, entryOf }: WriteTools): Promise<readonly DeadLetter[]> {
  const refused = await store.write(
    digested.map(({ point }) => point),
    cursor,
  )
  if (refused.length === 0) return []
  const details = new Map(refused.map(({ point, detail }) => [point, detail]))
  return digested.flatMap(({ point, seq, ordinal }) => {
    const detail = details.get(point)
    if (detail === undefined) return []
    const rejection = { reason: 'refused-by-store' as const, detail: `The telemetry store refused it: ${detail}` }
    return [{ entry: entryOf(seq) ?? withoutMessage(seq, point), ordinal, rejection }]
  })
}

/** Stands for a message that the journal does not hold any more. */
function withoutMessage(seq: number, { measurement, estate, device, ts }: TelemetryPoint): JournalEntry {
  return { seq, receivedAt: ts, client: '', topic: `estates/${estate}/${measurement}/${device}`, payload: new Uint8Array() }
}

/** What is understood now is stored and its letters go; what is still wrong stays, with its present reason. */
async function replay(
  { reason, ids }: Replay,
  { store, letters, readAgain, cursor }: DeliverTools & { readonly cursor: number },
): Promise<void> {
  const selection = { ...(reason !== undefined && { reason }), ...(ids !== undefined && { ids }) }
  let after = 0
  for (;;) {
    const entries = letters.select(selection, after, REPLAYED_AT_ONCE)
    const last = entries.at(-1)
    if (!last) return
    const read = entries.map(readAgain)
    const refused = await writeAll(
      read.flatMap(({ points }) => points),
      { store, cursor, entryOf: (seq) => entries.find((entry) => entry.seq === seq) },
    )
    letters.replace(entries, [...read.flatMap((one) => one.letters), ...refused])
    after = last.seq
  }
}
