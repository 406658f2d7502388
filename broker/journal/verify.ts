/** Looks through every segment: can each page be read, does each number come once, is none missing? */
import { openSegmentForReading } from './segment.ts'
import { journalFolder, listSegments, segmentBytes, type SegmentFile } from './segments.ts'

export interface SegmentReport {
  readonly first: number
  /** One less than `first` while it is empty. */
  readonly last: number
  readonly entries: number
  readonly bytes: number
  readonly firstReceivedAt: number | undefined
  readonly lastReceivedAt: number | undefined
}

export interface JournalFault {
  readonly segment: number
  readonly fault: string
}

/** Of each segment that can be opened; quick: the pages are not gone through. */
export function statJournal(dataDir: string): readonly SegmentReport[] {
  return listSegments(journalFolder(dataDir)).flatMap((segment) => reportOf(segment) ?? [])
}

/** May be run while the broker writes. */
export function verifyJournal(dataDir: string): { readonly segments: readonly SegmentReport[]; readonly faults: readonly JournalFault[] } {
  const reports: SegmentReport[] = []
  const faults: JournalFault[] = []
  let expected: number | undefined
  for (const segment of listSegments(journalFolder(dataDir))) {
    const say = (fault: string) => faults.push({ segment: segment.first, fault })
    if (expected !== undefined && segment.first !== expected) say(missing(expected, segment.first - 1))
    expected = undefined
    try {
      const report = reportOf(segment)
      if (!report) continue
      reports.push(report)
      for (const fault of damagesOf(segment)) say(fault)
      expected = report.last + 1
    } catch (error) {
      say(`cannot be read: ${String(error)}`)
    }
  }
  return { segments: reports, faults }
}

function reportOf(segment: SegmentFile): SegmentReport | undefined {
  const reader = openSegmentForReading(segment)
  if (!reader) return undefined
  try {
    const last = reader.last()
    const [oldest] = reader.read(segment.first - 1, last, 1)
    const [newest] = reader.read(last - 1, last, 1)
    return {
      first: segment.first,
      last,
      entries: reader.count(),
      bytes: segmentBytes(segment),
      firstReceivedAt: oldest?.receivedAt,
      lastReceivedAt: newest?.receivedAt,
    }
  } finally {
    reader.close()
  }
}

function damagesOf(segment: SegmentFile): readonly string[] {
  const reader = openSegmentForReading(segment)
  if (!reader) return []
  try {
    return [...reader.damages(), ...reader.gaps().map(({ from, to }) => missing(from, to))]
  } finally {
    reader.close()
  }
}

function missing(from: number, to: number): string {
  return to < from ? `number ${from - 1} comes twice` : from === to ? `number ${from} is missing` : `numbers ${from} to ${to} are missing`
}
