import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../domain/errors.ts'
import type { TelemetryStore } from '../../domain/telemetry.ts'
import { openDeadLettersWriter, type DeadLettersWriter } from '../../ingest/dead-letters-writer.ts'
import { startPump, type Pump } from '../../ingest/pump.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { makeJournal, makeRecords, silentLog, type FakeJournal } from './fakes.ts'

interface Call {
  readonly cursor: number
  readonly points: number
  done(): void
  fail(): void
}

let dir: ReturnType<typeof makeTempDir>
let letters: DeadLettersWriter
let journal: FakeJournal
let pump: Pump
let calls: Call[]
let kept: number | undefined

/** Takes three writes at once; each ends when the test says so. */
const store: TelemetryStore = {
  name: 'influx1',
  writesAtOnce: 3,
  write: async (points, cursor) =>
    new Promise((resolve, reject) => {
      calls.push({
        cursor,
        points: points.length,
        done: () => {
          kept = cursor
          resolve([])
        },
        fail: () => reject(new AppError('store-down')),
      })
    }),
  cursor: async () => kept,
  history: async () => ({}),
  latest: async () => [],
  maintain: async () => undefined,
  close: async () => undefined,
}

beforeEach(() => {
  dir = makeTempDir()
  letters = openDeadLettersWriter({ dataDir: dir.path })
  journal = makeJournal()
  calls = []
  kept = undefined
  for (let i = 0; i < 50; i++) journal.append('estates/e/elevator/l-1/telemetry', { ts: Date.now() + i, floor: i % 20 })
  pump = startPump({
    journal,
    store,
    letters,
    records: makeRecords(['elevator/l-1']),
    rawDays: 30,
    log: silentLog,
    limits: { points: 10, waitMs: 5 },
    onWaiting: () => undefined,
  })
})
afterEach(async () => {
  const closing = pump.close()
  const timer = setInterval(() => calls.forEach((call) => call.done()), 1)
  await closing
  clearInterval(timer)
  letters.close()
  dir.remove()
})
const cursors = () => calls.map(({ cursor }) => cursor)

describe('several batches under way at once', () => {
  it('are as many as the store takes, and the next one follows the oldest', async () => {
    await until(() => calls.length === 3)
    expect(cursors()).toEqual([10, 20, 30])
    calls[0]!.done()
    await until(() => calls.length === 4)
    expect(pump.figures().cursor).toBe(10)
    expect(letters.cursor()).toBe(10)
  })

  it('do not move the cursor past one that is still on its way', async () => {
    await until(() => calls.length === 3)
    calls[1]!.done()
    calls[2]!.done()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([letters.cursor(), pump.figures().cursor]).toEqual([undefined, 0])
    calls[0]!.done()
    await until(() => pump.figures().cursor >= 30)
    expect(letters.cursor()).toBeGreaterThanOrEqual(30)
  })

  it('begin again behind the last one that was stored when one fails', async () => {
    await until(() => calls.length === 3)
    calls[0]!.done()
    await until(() => letters.cursor() === 10 && calls.length === 4)
    calls[1]!.fail()
    for (const call of calls.slice(2)) call.fail()
    await until(() => calls.length > 4)
    expect(calls[4]).toMatchObject({ cursor: 20, points: 10 })
    expect(letters.cursor()).toBe(10)
  })
})
