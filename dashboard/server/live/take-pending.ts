/** Takes what waits of one device into its record; of many messages only the newest is decoded when it says everything. */
import type { JournalEntry } from '../../../domain/journal.ts'
import type { Decoded } from '../../../domain/reading.ts'
import { hear } from './device-record.ts'
import { newestFirst, type PendingEntry } from './pending.ts'
import type { Slot } from './slots.ts'

/** From so many messages of one device between two looks on. */
const MANY = 8

type Understand = (entry: JournalEntry) => readonly Decoded[]

/** @returns whether anything is known now that was not before. */
export function takePending(slot: Slot, understand: Understand): boolean {
  const { pending, record } = slot
  slot.pending = []
  if (pending.length < MANY || !takeNewest(slot, pending, understand)) for (const one of pending) take(slot, one, understand)
  return slot.record !== record
}

/** @returns false, with nothing taken, when the guess about their order was wrong or the newest says only a part: all must be taken as they came. */
function takeNewest(slot: Slot, pending: readonly PendingEntry[], understand: Understand): boolean {
  const [first] = newestFirst(pending) ?? []
  const before = slot.record
  if (!first || before?.values == null) return false
  const taken = take(slot, first.pending, understand)
  if (taken !== undefined && taken.observedAt === first.ts && taken.saysEverything) return true
  slot.record = before
  return false
}

/** @returns of a reading that was not late: its instant, and whether it has every field that is known of the device. */
function take(slot: Slot, { entry, ms }: PendingEntry, understand: Understand) {
  let accepted: { readonly observedAt: number; readonly saysEverything: boolean } | undefined
  for (const decoded of understand(entry)) {
    if (!decoded.ok) continue
    const { observation } = decoded
    const before = slot.record
    slot.record = hear(before, observation, { via: entry.client, seq: entry.seq, ms })
    if (slot.record !== before && observation.type === 'reading')
      accepted = {
        observedAt: observation.observedAt,
        saysEverything: Object.keys(before?.values ?? {}).every((field) => field in observation.values),
      }
  }
  return accepted
}
