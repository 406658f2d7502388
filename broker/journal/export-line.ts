/** A journal entry as one line of JSON, as `npm run journal -- export` writes it and replay and import read it: `{seq, receivedAt, client, topic, payload}`, or `payloadBase64` where the payload is not UTF-8. */
import type { JournalEntry } from '../../domain/journal.ts'

export function toExportLine({ seq, receivedAt, client, topic, payload }: JournalEntry): string {
  const bytes = Buffer.from(payload)
  const text = bytes.toString('utf8')
  const isText = Buffer.from(text, 'utf8').equals(bytes)
  return JSON.stringify({ seq, receivedAt, client, topic, ...(isText ? { payload: text } : { payloadBase64: bytes.toString('base64') }) })
}

/** @returns the entry, or what is wrong with the line in one sentence. */
export function parseExportLine(line: string): JournalEntry | { readonly fault: string } {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { fault: 'is not JSON' }
  }
  if (typeof value !== 'object' || value === null) return { fault: 'is not an object' }
  const { seq, receivedAt, client, topic, payload, payloadBase64 } = value as Record<string, unknown>
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(receivedAt)) return { fault: 'needs whole numbers seq and receivedAt' }
  if (typeof client !== 'string' || typeof topic !== 'string') return { fault: 'needs the texts client and topic' }
  if (typeof payload !== 'string' && typeof payloadBase64 !== 'string') return { fault: 'needs payload or payloadBase64' }
  const bytes = typeof payload === 'string' ? Buffer.from(payload, 'utf8') : Buffer.from(payloadBase64 as string, 'base64')
  return { seq: seq as number, receivedAt: receivedAt as number, client, topic, payload: bytes }
}
