/** Messages of one device that are not decoded yet: nobody looks more than ten times a second, so most need never be. */
import type { JournalEntry } from '../../../domain/journal.ts'

export interface PendingEntry {
  readonly entry: JournalEntry
  /** On the silence clock, when it came in. */
  readonly ms: number
}

const TS = Buffer.from('"ts":')
const LAST_DIGITS = 17

/**
 * The plain `ts` of a single JSON object without decoding it; undefined for an array, for none, and for anything unusual.
 * A guess only: whoever relies on it compares it with what decode says.
 */
export function peekTs(payload: Uint8Array): number | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  if (bytes[0] !== 0x7b) return undefined
  const found = bytes.indexOf(TS)
  if (found < 0 || bytes.indexOf(TS, found + TS.length) >= 0) return undefined
  let i = found + TS.length
  while (bytes[i] === 0x20) i++
  let ts = 0
  const from = i
  for (; i - from < LAST_DIGITS; i++) {
    const digit = bytes[i]! - 0x30
    if (!(digit >= 0 && digit <= 9)) break
    ts = ts * 10 + digit
  }
  const end = bytes[i]
  return i > from && (end === 0x2c || end === 0x7d || end === 0x20) ? ts : undefined
}

/** Newest first by what `peekTs` guesses; undefined where one of them cannot be guessed, and all must be decoded in order. */
export function newestFirst(
  pending: readonly PendingEntry[],
): readonly { readonly pending: PendingEntry; readonly ts: number }[] | undefined {
  const guessed: { readonly pending: PendingEntry; readonly ts: number }[] = []
  for (const one of pending) {
    const ts = peekTs(one.entry.payload)
    if (ts === undefined) return undefined
    guessed.push({ pending: one, ts })
  }
  return guessed.sort((a, b) => b.ts - a.ts || b.pending.entry.seq - a.pending.entry.seq)
}
