/** Reads a recording (`npm run journal -- export`, plain or gzipped) entry by entry, whatever its size. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../domain/errors.ts'
import type { JournalEntry } from '../../domain/journal.ts'
import { SYSTEM_TOPICS } from '../../domain/system.ts'
import { parseExportLine } from './export-line.ts'

/** @throws AppError `bad-request` at the first line that is none */
export async function* readRecording(path: string): AsyncGenerator<JournalEntry> {
  const raw = createReadStream(path)
  const input = path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw
  let number = 0
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number++
      if (line.trim() === '') continue
      const entry = parseExportLine(line)
      if ('fault' in entry) throw new AppError('bad-request', `${path}:${number} ${entry.fault}.`)
      yield entry
    }
  } finally {
    raw.destroy()
  }
}

/** Alarms, actions and records belong to the system that was recorded; a replay makes its own. */
export function isReplayed({ topic }: JournalEntry): boolean {
  const own = [SYSTEM_TOPICS.tick, SYSTEM_TOPICS.presence, SYSTEM_TOPICS.refused] as readonly string[]
  return !topic.startsWith('system/') || own.includes(topic)
}
