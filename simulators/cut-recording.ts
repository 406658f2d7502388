/** A part of a recording: of a stretch of time, of some devices. Ticks and the comings and goings of gateways stay, because silence is judged by them. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { toExportLine } from '../broker/journal/export-line.ts'
import type { EpochMs } from '../domain/clock.ts'
import type { JournalEntry } from '../domain/journal.ts'
import { parseDeviceTopic } from '../domain/topic.ts'

export interface RecordingCut {
  readonly from?: EpochMs
  readonly to?: EpochMs
  /** `<kind>/<device>`; none is all. */
  readonly devices: readonly string[]
}

export function belongsToCut(
  { receivedAt, topic }: Pick<JournalEntry, 'receivedAt' | 'topic'>,
  { from, to, devices }: RecordingCut,
): boolean {
  if (receivedAt < (from ?? -Infinity) || receivedAt > (to ?? Infinity)) return false
  if (devices.length === 0) return true
  const parsed = parseDeviceTopic(topic)
  if ('wrong' in parsed) return topic.startsWith('system/')
  return devices.includes(`${parsed.kind}/${parsed.device}`) || (parsed.kind === 'gateway' && parsed.channel === 'availability')
}

export async function writeCut(
  entries: AsyncIterable<JournalEntry>,
  { cut, file }: { readonly cut: RecordingCut; readonly file: string },
): Promise<void> {
  const lines = async function* () {
    for await (const entry of entries) if (belongsToCut(entry, cut)) yield `${toExportLine(entry)}\n`
  }
  await pipeline(Readable.from(lines()), createWriteStream(file))
}
