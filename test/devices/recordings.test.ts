import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KINDS } from '../../devices/index.ts'
import type { JournalEntry } from '../../domain/journal.ts'
import type { Decoded } from '../../domain/reading.ts'
import { REJECTION_REASONS } from '../../domain/rejection.ts'
import { decode } from '../../ingest/decode.ts'
import { projectRoot } from '../../project-root.ts'

interface Line {
  /** What is odd about it. */
  readonly note?: string
  readonly topic: string
  readonly receivedAt: number
  readonly payload: string
  /** `{type: "reading" | "event" | "availability", …}` or `{rejected: <reason>, field?}`, in order. */
  readonly gives: readonly Readonly<Record<string, unknown>>[]
}

interface Recording {
  readonly kind: string
  readonly name: string
  readonly lines: readonly Line[]
}

const recordings: readonly Recording[] = KINDS.flatMap(({ kind }) => {
  const folder = join(projectRoot, 'devices', kind, 'recordings')
  return readdirSync(folder).map((name) => ({
    kind,
    name,
    lines: readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line),
  }))
})
const title = ({ kind, name }: Recording) => `${kind}/${name}`

function hear(line: Line, payload: Uint8Array = Buffer.from(line.payload), kind?: string): readonly Decoded[] {
  const topic = kind === undefined ? line.topic : line.topic.replace(/^(estates\/[^/]+\/)[^/]+/, `$1${kind}`)
  const entry: JournalEntry = { seq: 1, receivedAt: line.receivedAt, client: 'gw.yangqu-760.box', topic, payload }
  return decode(entry, { findDevice: () => true, rawDays: 30 })
}

/** In the words of the recordings. */
function tell(outcome: Decoded): Record<string, unknown> {
  if (!outcome.ok)
    return { rejected: outcome.reason, ...(outcome.field === undefined ? {} : { field: outcome.field }), ...at(outcome.index) }
  const { observation } = outcome
  const implied = ['estate', 'kind', 'device', 'receivedAt', ...(observation.type === 'reading' && observation.stored ? ['stored'] : [])]
  return Object.fromEntries(Object.entries(observation).filter(([name]) => !implied.includes(name)))
}

function at(index: number | undefined): { index?: number } {
  return index === undefined ? {} : { index }
}

const isKnownOutcome = (outcome: Decoded) =>
  outcome.ok || ((REJECTION_REASONS as readonly string[]).includes(outcome.reason) && outcome.detail !== '')

describe('recordings of each kind', () => {
  it('are there for every kind, captured ones and edge cases', () => {
    for (const { kind } of KINDS) {
      const names = recordings.filter((recording) => recording.kind === kind).map(({ name }) => name)
      expect(names).toContain('edge-cases.jsonl')
      expect(names.length).toBeGreaterThan(1)
    }
  })

  it.each(recordings.map((recording) => [title(recording), recording] as const))('%s gives the readings it must', (_, recording) => {
    for (const line of recording.lines) expect(hear(line).map(tell), line.note ?? line.payload).toEqual(line.gives)
  })

  it.each(recordings.map((recording) => [title(recording), recording] as const))(
    '%s is claimed by its kind and no other',
    (_, recording) => {
      // what a kind claims: every message that says something is understood by it, without a field or code left over
      const spoken = recording.lines.filter(
        ({ gives, topic }) => !topic.endsWith('/availability') && gives.every((given) => !('rejected' in given)),
      )
      const sure = spoken.filter((line) => hear(line).every((outcome) => outcome.ok && outcome.unknownFields.length === 0))
      const claims = (kind: string) =>
        sure.every((line) => hear(line, undefined, kind).every((outcome) => outcome.ok && outcome.unknownFields.length === 0))
      expect(KINDS.map(({ kind }) => kind).filter(claims)).toEqual([recording.kind])
    },
  )

  it('cut off at any byte give a reason and never a throw', () => {
    for (const { lines } of recordings)
      for (const line of lines) {
        const bytes = Buffer.from(line.payload)
        for (let length = 0; length < bytes.length; length += 3) {
          const outcomes = hear(line, bytes.subarray(0, length))
          expect(outcomes.every(isKnownOutcome)).toBe(true)
          const isJson = !line.topic.endsWith('/availability') && /^[[{]/.test(line.payload)
          if (isJson) expect(outcomes.every((outcome) => !outcome.ok)).toBe(true)
        }
      }
  })

  it('with any bytes changed give what is still there or a reason, and never a throw', () => {
    const all = recordings.flatMap(({ lines }) => lines)
    const damage = fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.nat(all.length - 1), damage, (which, changes) => {
        const line = all[which]!
        const bytes = Buffer.from(line.payload)
        for (const [place, value] of changes) if (bytes.length > 0) bytes[place % bytes.length] = value
        expect(hear(line, bytes).every(isKnownOutcome)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('on a topic of no kind are refused with the reason', () => {
    for (const { lines } of recordings)
      for (const line of lines.filter(({ topic }) => !topic.endsWith('/availability')))
        expect(hear(line, undefined, 'toaster')).toMatchObject([{ ok: false, reason: 'unknown-kind' }])
  })
})
