/** Reads the journal from any process, each from its own cursor: nudged by the broker when the head moves, looking by itself now and then in case a nudge is lost. */
import { AppError } from '../../domain/errors.ts'
import type { JournalEntry, JournalReader } from '../../domain/journal.ts'
import { startDoorClient } from './door-client.ts'
import { openSegmentForReading, type SegmentReader } from './segment.ts'
import { journalFolder, listSegments, segmentIndex, type SegmentFile } from './segments.ts'

export const READ_LIMIT = 2_000
/** A slice stops here: 2,000 messages of 1 MiB would be too much at once. */
const READ_BYTES = 4 << 20
const FIRST_CHUNK = 32
const OPEN_SEGMENTS = 2

export function startJournalReader(options: { readonly dataDir: string; readonly pollMs?: number }): JournalReader {
  const folder = journalFolder(options.dataDir)
  const open = new Map<number, SegmentReader>() // in the order of last use
  const listeners = new Set<() => void>()
  let segments: readonly SegmentFile[] = []
  let head = 0

  const refresh = () => {
    segments = listSegments(folder)
    for (const [first, reader] of open)
      if (!segments.some((segment) => segment.first === first)) {
        reader.close()
        open.delete(first)
      }
  }
  const use = (segment: SegmentFile): SegmentReader | undefined => {
    const reader = open.get(segment.first) ?? openOrExplain(segment)
    if (!reader) return undefined
    open.delete(segment.first)
    open.set(segment.first, reader)
    for (const [first, old] of open) {
      if (open.size <= OPEN_SEGMENTS) break
      old.close()
      open.delete(first)
    }
    return reader
  }
  const moveHead = (seq: number) => {
    if (seq <= head) return
    head = seq
    for (const listener of listeners) listener()
  }
  const look = () => {
    refresh()
    // On a full disk the newest file may be there with nothing in it.
    for (const segment of [...segments.slice(-2)].reverse()) {
      const last = use(segment)?.last()
      if (last === undefined) continue
      moveHead(last)
      return
    }
  }
  const lookAgain = () => {
    try {
      look()
    } catch (error) {
      if (!(error instanceof AppError)) throw error // a damaged segment is told to whoever reads it
    }
  }
  lookAgain()
  const timer = setInterval(lookAgain, options.pollMs ?? 500)
  timer.unref()
  const door = startDoorClient({
    dataDir: options.dataDir,
    onOpen: () => void door.send({ follow: true }),
    onMessage: (message) => moveHead((message as { readonly head: number }).head),
  })

  const read = (cursor: number, limit: number): readonly JournalEntry[] => {
    if (cursor >= head || limit < 1) return []
    for (let i = segmentIndex(segments, cursor + 1), looked = false; ; i++) {
      if (i >= segments.length) {
        if (looked) return []
        looked = true
        refresh()
        i = segmentIndex(segments, cursor + 1)
        if (segments.length === 0) return []
      }
      const reader = use(segments[i]!)
      const entries = reader ? readSlice(reader, cursor, { upTo: head, limit }) : []
      if (entries.length > 0) return entries
    }
  }
  return {
    head: () => head,
    first: () => segments[0]?.first ?? head + 1,
    read: (cursor, limit) => read(cursor, Math.min(limit, READ_LIMIT)),
    onHead: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: async () => {
      clearInterval(timer)
      listeners.clear()
      await door.close()
      for (const reader of open.values()) reader.close()
      open.clear()
    },
  }
}

function openOrExplain(segment: SegmentFile): SegmentReader | undefined {
  try {
    return openSegmentForReading(segment)
  } catch (error) {
    throw new AppError('journal-damaged', `${segment.path} cannot be read. Run \`npm run journal -- verify\`.`, { cause: error })
  }
}

/** Grows from a small chunk, so that a run of large messages does not fill the memory. */
function readSlice(
  reader: SegmentReader,
  cursor: number,
  { upTo, limit }: { readonly upTo: number; readonly limit: number },
): readonly JournalEntry[] {
  const entries: JournalEntry[] = []
  let bytes = 0
  for (let chunk = Math.min(FIRST_CHUNK, limit); chunk > 0;) {
    const rows = reader.read(entries.at(-1)?.seq ?? cursor, upTo, chunk)
    for (const row of rows) {
      entries.push(row)
      bytes += row.payload.byteLength
    }
    if (rows.length < chunk || bytes >= READ_BYTES) break
    const average = Math.max(1, bytes / entries.length)
    chunk = Math.min(limit - entries.length, Math.max(1, Math.floor((READ_BYTES - bytes) / average)))
  }
  return entries
}
