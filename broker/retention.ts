/** Gives old journal segments back: past their days or over the size, or when the disk runs low; never one that a consumer has still to read. */
import { rm } from 'node:fs/promises'
import { DAY_MS, type EpochMs } from '../domain/clock.ts'
import type { Log } from '../log.ts'
import { openSegmentForReading } from './journal/segment.ts'
import { listSegments, segmentBytes, syncFolder, type SegmentFile } from './journal/segments.ts'

export interface SegmentAge extends SegmentFile {
  readonly bytes: number
  /** When the first entry of the next segment came: nothing in this one is newer. */
  readonly endedAt: EpochMs
  /** The last number in it. */
  readonly last: number
}

export interface RetentionRules {
  readonly now: EpochMs
  readonly days: number
  readonly gib: number
  /** The disk runs low: one more may go. */
  readonly needsRoom: boolean
  /** The smallest cursor of all consumers; undefined while not all have reported. */
  readonly passed: number | undefined
}

/** Pure: which of the closed segments go, the oldest first. `openBytes` is what the one being written takes. */
export function segmentsToCut(closed: readonly SegmentAge[], openBytes: number, rules: RetentionRules): readonly SegmentAge[] {
  const { passed } = rules
  if (passed === undefined) return []
  let bytes = openBytes + closed.reduce((sum, segment) => sum + segment.bytes, 0)
  const cut: SegmentAge[] = []
  for (const segment of closed) {
    const isOld = segment.endedAt < rules.now - rules.days * DAY_MS
    const isTooMuch = bytes > rules.gib * 2 ** 30
    const makesRoom = rules.needsRoom && cut.length === 0
    if (segment.last > passed || !(isOld || isTooMuch || makesRoom)) break
    cut.push(segment)
    bytes -= segment.bytes
  }
  return cut
}

/** Looks each `everyMs` and removes the files. */
export function startRetention(options: {
  readonly folder: string
  readonly rules: () => RetentionRules
  readonly everyMs?: number
  readonly log: Log
}): { close(): Promise<void> } {
  const ends = new Map<number, EpochMs>()
  let work: Promise<unknown> = Promise.resolve()
  const endOf = (next: SegmentFile, now: EpochMs) => {
    const known = ends.get(next.first) ?? startOf(next)
    if (known !== undefined) ends.set(next.first, known)
    return known ?? now
  }
  const cut = async () => {
    const rules = options.rules()
    const segments = listSegments(options.folder)
    const open = segments.at(-1)
    if (!open || segments.length === 1) return
    const closed = segments.slice(0, -1).map((segment, i) => {
      const next = segments[i + 1]!
      return { ...segment, bytes: segmentBytes(segment), endedAt: endOf(next, rules.now), last: next.first - 1 }
    })
    for (const segment of segmentsToCut(closed, segmentBytes(open), rules)) {
      for (const ending of ['', '-wal', '-shm']) await rm(`${segment.path}${ending}`, { force: true })
      syncFolder(options.folder)
      ends.delete(segment.first)
      options.log.info({ first: segment.first, last: segment.last, bytes: segment.bytes }, 'a journal segment was given back')
    }
  }
  const timer = setInterval(() => {
    work = work.then(cut).catch((error: unknown) => options.log.error({ err: error }, 'a journal segment could not be given back'))
  }, options.everyMs ?? 10_000)
  timer.unref()
  return {
    close: async () => {
      clearInterval(timer)
      await work
    },
  }
}

function startOf(segment: SegmentFile): EpochMs | undefined {
  const reader = openSegmentForReading(segment)
  const first = reader?.read(segment.first - 1, Number.MAX_SAFE_INTEGER, 1)[0]
  reader?.close()
  return first?.receivedAt
}
