/** Which segment files there are and which one holds a number: the one place that knows how they are named. */
import { closeSync, fsyncSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface SegmentFile {
  /** The number of its first entry. */
  readonly first: number
  readonly path: string
}

const NAME = /^(\d{12,})\.sqlite$/

export function journalFolder(dataDir: string): string {
  return join(dataDir, 'journal')
}

export function segmentPath(folder: string, first: number): string {
  return join(folder, `${String(first).padStart(12, '0')}.sqlite`)
}

/** In the order of their numbers; empty while there is no journal yet. */
export function listSegments(folder: string): readonly SegmentFile[] {
  return readNames(folder)
    .flatMap((name) => {
      const first = NAME.exec(name)?.[1]
      return first === undefined ? [] : [{ first: Number(first), path: join(folder, name) }]
    })
    .sort((a, b) => a.first - b.first)
}

/** The place in the list of the segment that holds this number, or would: the last one that starts at or before it. */
export function segmentIndex(segments: readonly SegmentFile[], seq: number): number {
  let low = 0
  let high = segments.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (segments[middle]!.first <= seq) low = middle
    else high = middle - 1
  }
  return low
}

/** What a segment takes on the disk, its write-ahead log included. */
export function segmentBytes(segment: SegmentFile): number {
  return sizeOf(segment.path) + sizeOf(`${segment.path}-wal`)
}

/** Makes a new or removed name in a folder survive a loss of power. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
