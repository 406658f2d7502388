/** Writes one batch: points and cursor into the telemetry store, then letters and cursor into ingest's own file. */
import type { JournalEntry } from '../domain/journal.ts'
import type { Replay } from '../domain/system.ts'
import type { TelemetryStore } from '../domain/telemetry.ts'
import type { Batch } from './batch.ts'
import type { DeadLetter, DeadLettersWriter } from './dead-letters-writer.ts'
import type { Digest, DigestedPoint } from './digest.ts'
import type { Room } from './room.ts'

export interface DeliverTools {
  readonly store: TelemetryStore
  readonly letters: DeadLettersWriter
  readonly room?: Pick<Room, 'demand'>
  /** Reads an entry anew by the records in force now. */
  readonly readAgain: (entry: JournalEntry) => Digest
}

const REPLAYED_AT_ONCE = 50

/** May be repeated after any failure: the same points fall on themselves, the same letters too. @throws AppError `store-down`, `disk-full` */
export async function deliver(batch: Batch, tools: DeliverTools): Promise<{ readonly stored: number; readonly rejected: number }> {
  const { store, letters } = tools
  tools.room?.demand()
  const cursor = batch.cursor!
  if (batch.replay) await replay(batch.replay, { ...tools, cursor: cursor - 1 })
  const refused = await writeAll(store, batch.points, cursor)
  const all = [...batch.letters, ...refused]
  letters.commit({ cursor, letters: all, revisions: batch.revisions })
  return { stored: batch.points.length - refused.length, rejected: all.length }
}

async function writeAll(store: TelemetryStore, points: readonly DigestedPoint[], cursor: number): Promise<readonly DeadLetter[]> {
  const refused = await store.write(
    points.map(({ point }) => point),
    cursor,
  )
  if (refused.length === 0) return []
  const details = new Map(refused.map(({ point, detail }) => [point, detail]))
  return points.flatMap(({ point, entry, ordinal }) => {
    const detail = details.get(point)
    return detail === undefined
      ? []
      : [{ entry, ordinal, rejection: { reason: 'refused-by-store' as const, detail: `The telemetry store refused it: ${detail}` } }]
  })
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
      store,
      read.flatMap(({ points }) => points),
      cursor,
    )
    letters.replace(entries, [...read.flatMap((one) => one.letters), ...refused])
    after = last.seq
  }
}
