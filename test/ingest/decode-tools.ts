/** Short ways to decode one message of estate `e`, received at `NOW`; devices whose id begins with `no-` are unknown. */
import type { JournalEntry } from '../../domain/journal.ts'
import type { Decoded } from '../../domain/reading.ts'
import { decode } from '../../ingest/decode.ts'

export const NOW = 1_790_000_000_000

export function entry(topic: string, payload: unknown): JournalEntry {
  const bytes = payload instanceof Uint8Array ? payload : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
  return { seq: 1, receivedAt: NOW, client: 'gw.e.g', topic, payload: bytes }
}

export function read(channel: string, payload: unknown, { rawDays = 30 } = {}): readonly Decoded[] {
  return decode(entry(`estates/e/${channel}`, payload), { findDevice: (_, __, device) => !device.startsWith('no-'), rawDays })
}

export const reasons = (decoded: readonly Decoded[]) => decoded.map((one) => (one.ok ? 'ok' : one.reason))
