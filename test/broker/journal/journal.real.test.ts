import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { startConsumer } from '../../../broker/journal/consumer.ts'
import { startJournalReader } from '../../../broker/journal/reader.ts'
import { startJournalWriter } from '../../../broker/journal/writer.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { until } from '../../support/until.ts'

const log = pino({ level: 'silent' })
const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function dataDir(): string {
  const temp = makeTempDir()
  closing.push(() => temp.remove())
  return temp.path
}

async function writerIn(path: string, options: { segmentBytes?: number; segmentMs?: number } = {}) {
  const writer = await startJournalWriter({ dataDir: path, ...options })
  closing.push(() => writer.close())
  return writer
}

function readerIn(path: string) {
  const reader = startJournalReader({ dataDir: path, pollMs: 5 })
  closing.push(() => reader.close())
  return reader
}

function entry(n: number, bytes = 20) {
  return { receivedAt: 1_000 + n, client: 'gw.e.g', topic: `estates/e/camera/c/telemetry`, payload: Buffer.alloc(bytes, String(n)) }
}

test('numbers count up by one from 1 and entries are read back in order, byte for byte', async () => {
  const path = dataDir()
  const writer = await writerIn(path)
  const seqs = await Promise.all(Array.from({ length: 1_000 }, (_, n) => writer.append(entry(n, n % 50))))
  expect(seqs).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 1))
  const reader = readerIn(path)
  expect(reader.head()).toBe(1_000)
  expect(reader.first()).toBe(1)
  const read = reader.read(0, 2_000)
  expect(read.length).toBe(1_000)
  expect(Buffer.from(read[41]!.payload)).toEqual(entry(41, 41).payload)
  expect(read[41]).toMatchObject({ seq: 42, receivedAt: 1_041, client: 'gw.e.g' })
  expect(reader.read(990, 5).map(({ seq }) => seq)).toEqual([991, 992, 993, 994, 995])
})

test('goes on where it was after a restart', async () => {
  const path = dataDir()
  const first = await startJournalWriter({ dataDir: path })
  await first.append(entry(1))
  await first.close()
  const second = await writerIn(path)
  expect(second.head()).toBe(1)
  expect(await second.append(entry(2))).toBe(2)
})

test('a second writer is refused while the first one lives', async () => {
  const path = dataDir()
  await writerIn(path)
  await expect(startJournalWriter({ dataDir: path })).rejects.toMatchObject({ code: 'already-running' })
})

test('segments roll under three consumers without a gap, also when one is asynchronous', async () => {
  const path = dataDir()
  const writer = await writerIn(path, { segmentBytes: 20_000 })
  const seen: number[][] = [[], [], []]
  for (const [i, mine] of seen.entries()) {
    const consumer = startConsumer({
      journal: readerIn(path),
      cursor: 0,
      sliceSize: 70,
      handle: (entries) => {
        mine.push(...entries.map(({ seq }) => seq))
        return i === 2 ? new Promise((resolve) => setImmediate(resolve)) : undefined
      },
      onGap: (gap) => expect.unreachable(`gap ${JSON.stringify(gap)}`),
      log,
    })
    closing.push(() => consumer.close())
  }
  const total = 6_000
  for (let n = 0; n < total; n += 50) await Promise.all(Array.from({ length: 50 }, (_, i) => writer.append(entry(n + i, 60))))
  await until(() => seen.every((mine) => mine.length === total))
  for (const mine of seen) expect(mine).toEqual(Array.from({ length: total }, (_, n) => n + 1))
  expect(readdirSync(join(path, 'journal')).filter((name) => name.endsWith('.sqlite')).length).toBeGreaterThan(10)
})

test('a segment also ends when it spans too long', async () => {
  const path = dataDir()
  const writer = await writerIn(path, { segmentMs: 100 })
  for (const receivedAt of [1_000, 1_050, 1_101, 1_150, 1_210]) await writer.append({ ...entry(0), receivedAt })
  expect(readdirSync(join(path, 'journal')).filter((name) => name.endsWith('.sqlite'))).toEqual([
    '000000000001.sqlite',
    '000000000003.sqlite',
    '000000000005.sqlite',
  ])
})

test('a slice of large messages stays bounded', async () => {
  const path = dataDir()
  const writer = await writerIn(path)
  for (let n = 0; n < 40; n += 10) await Promise.all(Array.from({ length: 10 }, (_, i) => writer.append(entry(n + i, 1 << 20))))
  const slice = readerIn(path).read(0, 2_000)
  expect(slice.length).toBeGreaterThan(0)
  expect(slice.length).toBeLessThan(40)
})

test('a reader that was there before the journal sees its first entry', async () => {
  const path = dataDir()
  const reader = readerIn(path)
  expect([reader.head(), reader.first()]).toEqual([0, 1])
  const writer = await writerIn(path)
  await writer.append(entry(1))
  await until(() => reader.head() === 1)
  expect(reader.read(0, 10).length).toBe(1)
})

test('a slice that could not be worked on comes again until it can', async () => {
  const path = dataDir()
  const writer = await writerIn(path)
  await Promise.all([writer.append(entry(1)), writer.append(entry(2))])
  let tries = 0
  const done: number[] = []
  const consumer = startConsumer({
    journal: readerIn(path),
    cursor: 0,
    handle: (entries) => {
      if (++tries < 3) throw new Error('store away')
      done.push(...entries.map(({ seq }) => seq))
    },
    log,
  })
  closing.push(() => consumer.close())
  expect(consumer.lag(2_001)).toEqual({ entries: 2, ageMs: 1_000 })
  await until(() => consumer.cursor() === 2)
  expect(done).toEqual([1, 2])
  expect(consumer.lag()).toEqual({ entries: 0, ageMs: 0 })
})

test('a consumer far behind catches up while the others are handed each entry at once', async () => {
  const path = dataDir()
  const writer = await writerIn(path, { segmentBytes: 8 << 20 })
  const behind = 100_000
  for (let n = 0; n < behind; n += 2_000) await Promise.all(Array.from({ length: 2_000 }, (_, i) => writer.append(entry(n + i, 200))))
  let liveAt = behind
  const live = startConsumer({ journal: readerIn(path), cursor: behind, handle: (entries) => void (liveAt = entries.at(-1)!.seq), log })
  let lateAt = 0
  const late = startConsumer({
    journal: readerIn(path),
    cursor: 0,
    handle: async (entries) => {
      expect(entries[0]!.seq).toBe(lateAt + 1)
      lateAt = entries.at(-1)!.seq
      await new Promise((resolve) => setImmediate(resolve))
    },
    log,
  })
  closing.push(
    () => live.close(),
    () => late.close(),
  )
  let seenWhileBehind = 0
  while (lateAt < behind) {
    const seq = await writer.append(entry(0))
    await until(() => liveAt >= seq)
    if (lateAt < behind) seenWhileBehind++
  }
  expect(seenWhileBehind).toBeGreaterThan(5)
  await until(() => lateAt === writer.head())
})
