import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Rejection } from '../../domain/rejection.ts'
import { openDeadLetters } from '../../ingest/dead-letters.ts'
import { openDeadLettersWriter, type DeadLetter } from '../../ingest/dead-letters-writer.ts'
import { makeTempDir } from '../support/temp-dir.ts'

let dir: ReturnType<typeof makeTempDir>
let writer: ReturnType<typeof openDeadLettersWriter>
beforeEach(() => {
  dir = makeTempDir()
  writer = openDeadLettersWriter({ dataDir: dir.path, limitBytes: 100_000 })
})
afterEach(() => {
  writer.close()
  dir.remove()
})

const letter = (
  seq: number,
  rejection: Partial<Rejection> = {},
  { payload = '{}', estate = 'e', client = 'gw.e.g', ordinal = 0 } = {},
): DeadLetter => ({
  entry: { seq, receivedAt: seq * 1000, client, topic: `estates/${estate}/camera/c-1/telemetry`, payload: Buffer.from(payload, 'latin1') },
  ordinal,
  rejection: { reason: 'not-json', detail: 'The payload is not JSON.', ...rejection },
})
const reader = () => openDeadLetters({ dataDir: dir.path })

describe('dead letters', () => {
  it('are none before the file is there', () => {
    const elsewhere = makeTempDir()
    const empty = openDeadLetters({ dataDir: elsewhere.path })
    expect(empty.counts()).toEqual({})
    expect(empty.list()).toEqual({ deadLetters: [], next: null })
    empty.close()
    elsewhere.remove()
  })

  it('come newest first, page by page, by reason and by estate', () => {
    writer.commit({ cursor: 10, letters: [1, 2, 3, 4, 5].map((seq) => letter(seq, {}, { estate: seq % 2 === 1 ? 'odd' : 'even' })) })
    writer.commit({ cursor: 20, letters: [letter(11, { reason: 'out-of-range', field: 'fps', value: '1e9' })] })
    const first = reader().list({ limit: 2 })
    expect(first.deadLetters.map(({ id }) => id)).toEqual(['11-0', '5-0'])
    expect(first.deadLetters[0]).toEqual({
      id: '11-0',
      receivedAt: 11_000,
      client: 'gw.e.g',
      topic: 'estates/e/camera/c-1/telemetry',
      reason: 'out-of-range',
      detail: 'The payload is not JSON.',
      field: 'fps',
      value: '1e9',
      payload: '{}',
    })
    const second = reader().list({ limit: 2, before: first.next! })
    expect(second.deadLetters.map(({ id }) => id)).toEqual(['4-0', '3-0'])
    expect(reader().list({ limit: 10, before: second.next! })).toMatchObject({ deadLetters: [{ id: '2-0' }, { id: '1-0' }], next: null })
    expect(reader().list({ estate: 'odd' }).deadLetters).toHaveLength(3)
    expect(reader().list({ reason: 'out-of-range' }).deadLetters).toHaveLength(1)
    expect(reader().counts()).toEqual({ 'not-json': 5, 'out-of-range': 1 })
  })

  it('show the element of an array, text as text, other bytes as hex, and cut what is long', () => {
    writer.commit({
      cursor: 9,
      letters: [
        letter(1, { index: 1 }, { payload: '[{"fps":1},{"fps":"x"}]' }),
        letter(2, {}, { payload: '\xff\xfe' }),
        letter(3, {}, { payload: 'x'.repeat(5000) }),
        letter(4, { index: 7 }, { payload: '[1' }),
      ],
    })
    const shown = reader()
      .list()
      .deadLetters.map(({ payload }) => payload)
      .reverse()
    expect(shown).toEqual(['{"fps":"x"}', 'hex:fffe', 'x'.repeat(2000), '[1'])
  })

  it('of one message are kept with one copy of it', () => {
    writer.commit({ cursor: 5, letters: [0, 1, 2].map((ordinal) => letter(5, { index: ordinal }, { ordinal, payload: '[1,2,3]' })) })
    expect(
      reader()
        .list()
        .deadLetters.map(({ id, payload }) => [id, payload]),
    ).toEqual([
      ['5-2', '3'],
      ['5-1', '2'],
      ['5-0', '1'],
    ])
  })

  it('make room for newer ones, the oldest first, and the counts go on', () => {
    for (let seq = 1; seq <= 30; seq++) writer.commit({ cursor: seq, letters: [letter(seq, {}, { payload: 'x'.repeat(9400) })] })
    const { deadLetters } = reader().list({ limit: 500 })
    expect(deadLetters.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, i) => `${30 - i}-0`))
    expect(reader().counts()).toEqual({ 'not-json': 30 })
    expect(reader().dropped()).toBe(20)
  })

  it('take 200 MiB at most unless told otherwise, the file on the disk hardly more', () => {
    const full = makeTempDir()
    const big = openDeadLettersWriter({ dataDir: full.path })
    const payload = 'x'.repeat(1 << 20)
    for (let seq = 10; seq <= 230; seq += 10)
      big.commit({ cursor: seq, letters: Array.from({ length: 10 }, (_, i) => letter(seq - 9 + i, {}, { payload })) })
    big.close()
    const kept = openDeadLetters({ dataDir: full.path })
    expect(kept.dropped()).toBe(31) // 199 letters of 1 MiB and their reasons fit
    expect(kept.list({ limit: 1 }).deadLetters[0]?.id).toBe('230-0')
    kept.close()
    expect(statSync(join(full.path, 'dead-letters.db')).size).toBeLessThan(212 * 2 ** 20) // and the last batch
    full.remove()
  }, 30_000)

  it('of one credential that may not do what it does are at most 1,000', () => {
    const many = (client: string, from: number, count: number) =>
      Array.from({ length: count }, (_, i) => letter(from + i, { reason: 'not-allowed' }, { client }))
    const big = openDeadLettersWriter({ dataDir: dir.path })
    big.commit({ cursor: 2000, letters: [...many('ext.e.loud', 1, 1200), ...many('ext.e.quiet', 1500, 3)] })
    big.close()
    const counts = new Map<string, number>()
    let before: string | undefined
    do {
      const page = reader().list({ limit: 500, ...(before !== undefined && { before }) })
      for (const { client } of page.deadLetters) counts.set(client, (counts.get(client) ?? 0) + 1)
      before = page.next ?? undefined
    } while (before !== undefined)
    expect([...counts]).toEqual([
      ['ext.e.quiet', 3],
      ['ext.e.loud', 1000],
    ])
  })

  it('keep the cursor and the revisions in the same file', () => {
    expect(writer.cursor()).toBeUndefined()
    writer.commit({ cursor: 7, letters: [], revisions: [{ seq: 5, revision: 2 }] })
    writer.commit({ cursor: 9, letters: [], revisions: [{ seq: 9, revision: 3 }] })
    expect(writer.cursor()).toBe(9)
    expect([4, 5, 8, 9].map((seq) => writer.revisionAt(seq))).toEqual([undefined, 2, 2, 3])
  })
})
