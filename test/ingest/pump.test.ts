import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decode } from '../../ingest/decode.ts'
import { openDeadLetters } from '../../ingest/dead-letters.ts'
import { openDeadLettersWriter, type DeadLettersWriter } from '../../ingest/dead-letters-writer.ts'
import { startPump, type Pump, type PumpOptions } from '../../ingest/pump.ts'
import { watchRoom } from '../../ingest/room.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { makeJournal, makeRecords, makeStore, silentLog, type FakeJournal, type FakeStore } from './fakes.ts'

const LIFT = 'estates/e/elevator/l-1/telemetry'
let dir: ReturnType<typeof makeTempDir>
let letters: DeadLettersWriter
let journal: FakeJournal
let store: FakeStore
let records: ReturnType<typeof makeRecords>
let pump: Pump | undefined
let waits: (string | undefined)[]

function start(options: Partial<PumpOptions> = {}): Pump {
  pump = startPump({
    journal,
    store,
    letters,
    records,
    rawDays: 30,
    log: silentLog,
    limits: { points: 100, waitMs: 5 },
    onWaiting: (what) => waits.push(what),
    ...options,
  })
  return pump
}

async function restart(options: Partial<PumpOptions> = {}): Promise<Pump> {
  await pump?.close()
  return start(options)
}

const stored = () => until(() => pump!.figures().cursor === journal.head(), { what: 'the journal is stored' })

beforeEach(() => {
  dir = makeTempDir()
  letters = openDeadLettersWriter({ dataDir: dir.path })
  journal = makeJournal()
  store = makeStore()
  records = makeRecords(['elevator/l-1'])
  waits = []
})
afterEach(async () => {
  store.down = false
  await pump?.close()
  pump = undefined
  letters.close()
  dir.remove()
})

const T = Date.now()
const append = (count: number, from = 0) => {
  for (let i = from; i < from + count; i++) journal.append(LIFT, { ts: T + i, floor: i % 20 })
}

describe('the pump', () => {
  it('stores every reading of the journal in batches of at most the given size', async () => {
    append(1050)
    start()
    await stored()
    expect(store.points.size).toBe(1050)
    expect(store.largest()).toBe(100)
  })

  it('stores what comes while it runs without waiting for a batch to fill', async () => {
    start()
    append(1)
    await stored()
    append(2, 1)
    await stored()
    expect(store.points.size).toBe(3)
  })

  it('waits for a store that is down, says so, and then stores everything once', async () => {
    store.down = true
    start()
    append(500)
    await until(() => waits.includes('store'))
    append(500, 500)
    store.down = false
    await stored()
    expect(store.points.size).toBe(1000)
    expect(waits.at(-1)).toBeUndefined()
  })

  it('writes nothing while the disk is short, neither readings nor letters, and goes on by itself', async () => {
    let free = 10
    const room = watchRoom({ dataDir: dir.path, floorMib: 512, freeMib: () => free })
    start({ room })
    append(100)
    journal.append(LIFT, '{')
    await until(() => waits.includes('store'))
    expect(store.writes()).toBe(0)
    expect(openDeadLetters({ dataDir: dir.path }).counts()).toEqual({})
    free = 512
    await stored()
    expect(store.points.size).toBe(100)
    expect(openDeadLetters({ dataDir: dir.path }).counts()).toEqual({ 'not-json': 1 })
  })

  it('loses nothing when the store goes down between batches', async () => {
    start()
    append(300)
    await until(() => store.points.size >= 100)
    store.down = true
    append(300, 300)
    await until(() => waits.includes('store'))
    store.down = false
    await stored()
    expect(store.points.size).toBe(600)
  })

  it("begins again at the journal's start when the store comes back empty", async () => {
    append(250)
    start()
    await stored()
    store.down = true
    append(1, 250)
    await until(() => waits.includes('store'))
    store.restore(new Map(), undefined)
    store.down = false
    await stored()
    expect(store.points.size).toBe(251)
  })

  it('begins again where a store that came back from a copy left off', async () => {
    append(100)
    start()
    await stored()
    const copy = new Map(store.points)
    append(100, 100)
    await stored()
    store.down = true
    append(1, 200)
    await until(() => waits.includes('store'))
    store.restore(copy, 100)
    store.down = false
    await stored()
    expect(store.points.size).toBe(201)
  })

  it("takes the smaller of its own cursor and the store's after a restart", async () => {
    append(10)
    start()
    await stored()
    await pump!.close()
    store.restore(new Map(), 4)
    start()
    await stored()
    expect(store.points.size).toBe(6)
  })

  it('reads a new journal from its start although the store knows a larger number', async () => {
    store.restore(new Map(), 1_000_000)
    append(10)
    start()
    await stored()
    expect(store.points.size).toBe(10)
    expect(await store.cursor()).toBe(10)
  })

  it('keeps a point that the store refuses as a dead letter and stores the others', async () => {
    store.refuse = (point) => point.ts === T + 3
    append(10)
    start()
    await stored()
    expect(store.points.size).toBe(9)
    const [letter] = openDeadLetters({ dataDir: dir.path }).list().deadLetters
    expect(letter).toMatchObject({
      reason: 'refused-by-store',
      topic: LIFT,
      client: 'gw.e.g',
      payload: JSON.stringify({ ts: T + 3, floor: 3 }),
    })
  })

  it('keeps a message that makes decode throw as internal-error, tells of it, and goes on', async () => {
    const failures: unknown[] = []
    append(1)
    journal.append(LIFT, 'throw')
    append(1, 1)
    start({
      decode: (entry, context) => {
        if (entry.payload.byteLength === 5) throw new Error('planted')
        return decode(entry, context)
      },
      onFailure: (failure) => failures.push(failure),
    })
    await stored()
    expect(store.points.size).toBe(2)
    expect(openDeadLetters({ dataDir: dir.path }).counts()).toEqual({ 'internal-error': 1 })
    expect(failures).toHaveLength(1)
  })

  it('judges a message by the records in force before it', async () => {
    journal.append('estates/e/elevator/l-2/telemetry', { floor: 1 })
    journal.append('system/records', { v: 1, revision: 2 })
    journal.append('estates/e/elevator/l-2/telemetry', { floor: 2 })
    records.newestRevision = () => 1
    records.set(['elevator/l-1', 'elevator/l-2'])
    start()
    await stored()
    expect([...store.points.values()].map(({ values }) => values)).toEqual([{ floor: 2 }])
    expect(openDeadLetters({ dataDir: dir.path }).counts()).toEqual({ 'unknown-device': 1 })
  })

  it('waits for the first estate before it judges anything', async () => {
    records.newestRevision = () => undefined
    append(1)
    start()
    await until(() => waits.includes('records'))
    records.newestRevision = () => 1
    await stored()
    expect(store.points.size).toBe(1)
  })

  it('counts a rejected message once although it is worked on again', async () => {
    journal.append(LIFT, '{')
    append(1)
    start()
    await stored()
    store.restore(new Map(), undefined)
    await restart()
    await until(() => store.points.size === 1)
    await stored()
    const reader = openDeadLetters({ dataDir: dir.path })
    expect(reader.counts()).toEqual({ 'not-json': 1 })
    expect(reader.list().deadLetters).toHaveLength(1)
  })

  it('keeps a refused publish under the name of who sent it', async () => {
    journal.append('system/refused', {
      v: 1,
      username: 'gw.e.g',
      topic: 'estates/other/elevator/l-1/telemetry',
      payloadBase64: Buffer.from('{"floor":1}').toString('base64'),
      detail: 'outside its rights',
    })
    start()
    await stored()
    expect(openDeadLetters({ dataDir: dir.path }).list().deadLetters[0]).toMatchObject({
      reason: 'not-allowed',
      client: 'gw.e.g',
      topic: 'estates/other/elevator/l-1/telemetry',
      payload: '{"floor":1}',
    })
  })

  it('stores on replay what is understood now, and leaves what is still wrong', async () => {
    journal.append('estates/e/elevator/l-9/telemetry', { ts: T, floor: 9 })
    journal.append('estates/e/elevator/l-9/telemetry', '{')
    journal.append(LIFT, '{')
    start()
    await stored()
    const reader = openDeadLetters({ dataDir: dir.path })
    expect(reader.counts()).toEqual({ 'unknown-device': 2, 'not-json': 1 })
    journal.append('system/records', { v: 1, revision: records.set(['elevator/l-1', 'elevator/l-9']) })
    journal.append('system/replay', { v: 1, id: 'r1', reason: 'unknown-device' })
    await stored()
    expect([...store.points.values()]).toMatchObject([{ device: 'l-9', values: { floor: 9 } }])
    expect(reader.list().deadLetters.map(({ reason }) => reason)).toEqual(['not-json', 'not-json'])
    expect(reader.counts()).toEqual({ 'unknown-device': 2, 'not-json': 1 })
  })

  it('says which entries are missing when the journal was cut before it had read them', async () => {
    append(10)
    start()
    await stored()
    await pump!.close()
    append(10, 10)
    journal.cutBefore(15)
    const gaps: unknown[] = []
    start({ onGap: (gap) => gaps.push(gap) })
    await stored()
    expect(gaps).toEqual([{ from: 11, to: 14 }])
    expect(store.points.size).toBe(16)
  })

  it('stores what it has read before it closes', async () => {
    start({ limits: { points: 1000, waitMs: 60_000 } })
    append(20)
    await until(() => waits.length === 0 && store.writes() === 0)
    await new Promise((resolve) => setImmediate(resolve))
    await pump!.close()
    expect(store.points.size).toBe(20)
  })
})
