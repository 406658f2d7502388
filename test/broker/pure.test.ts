import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diskStage } from '../../broker/disk.ts'
import { openConsumers } from '../../broker/consumers.ts'
import { createGate } from '../../broker/gate.ts'
import { BURST, createWindowLimit, RATE_PER_S, takeToken, type Bucket } from '../../broker/limits.ts'
import { OutgoingQueue, QUEUE_MESSAGES, QUEUE_MS } from '../../broker/outgoing-queue.ts'
import { createRetainedOwners } from '../../broker/retained-owners.ts'
import { segmentsToCut, type SegmentAge } from '../../broker/retention.ts'
import { nextTick, type TickState } from '../../broker/ticks.ts'
import { parseExportLine, toExportLine } from '../../broker/journal/export-line.ts'

describe('ticks', () => {
  test('the first one ever starts at nothing, the first after a start says how long none came and adds at most 2 s', () => {
    const first = nextTick(undefined, { at: 1_000, monotonicMs: 5, intake: true })
    expect(first.tick).toEqual({ v: 1, at: 1_000, elapsedMs: 5 - 5, intake: true })
    const kept: TickState = { at: 1_000, elapsedMs: 70_000 }
    expect(nextTick(kept, { at: 61_000, monotonicMs: 3, intake: true }).tick).toEqual({
      v: 1,
      at: 61_000,
      elapsedMs: 72_000,
      intake: true,
      gapMs: 60_000,
    })
    expect(nextTick(kept, { at: 1_500, monotonicMs: 3, intake: true }).tick).toMatchObject({ elapsedMs: 70_500, gapMs: 500 })
  })

  test('a jump of the wall clock is said and moves no elapsed time', () => {
    const before: TickState = { at: 10_000, elapsedMs: 100, monotonicMs: 50 }
    expect(nextTick(before, { at: 3_611_000, monotonicMs: 1_050, intake: true }).tick).toEqual({
      v: 1,
      at: 3_611_000,
      elapsedMs: 1_100,
      intake: true,
      jumpMs: 3_600_000,
    })
    expect(nextTick(before, { at: 1_000, monotonicMs: 1_050, intake: false }).tick).toMatchObject({
      elapsedMs: 1_100,
      jumpMs: -10_000,
      intake: false,
    })
  })

  test('a machine that slept adds 2 s and says the gap', () => {
    const before: TickState = { at: 10_000, elapsedMs: 100, monotonicMs: 50 }
    expect(nextTick(before, { at: 40_000, monotonicMs: 30_050, intake: true }).tick).toMatchObject({ elapsedMs: 2_100, gapMs: 30_000 })
  })

  test('elapsed time never goes back and never gains more than 2 s a tick, whatever the clocks do', () => {
    const clocks = fc.array(
      fc.record({ wall: fc.integer({ min: -100_000, max: 100_000 }), mono: fc.integer({ min: 0, max: 100_000 }), restart: fc.boolean() }),
    )
    fc.assert(
      fc.property(clocks, (steps) => {
        let state: TickState | undefined
        let at = 1_000_000
        let monotonicMs = 0
        for (const { wall, mono, restart } of steps) {
          at += wall
          monotonicMs += mono
          const last: TickState | undefined = state && (restart ? { at: state.at, elapsedMs: state.elapsedMs } : state)
          const next = nextTick(last, { at, monotonicMs, intake: true })
          const gained = next.tick.elapsedMs - (state?.elapsedMs ?? 0)
          expect(gained).toBeGreaterThanOrEqual(0)
          expect(gained).toBeLessThanOrEqual(2_000)
          state = next.state
        }
      }),
    )
  })
})

describe('limits', () => {
  test('a pair that used up its window waits until it ends; another pair does not notice', () => {
    const limit = createWindowLimit({ limit: 3, windowMs: 1_000 })
    for (let n = 0; n < 3; n++) limit.count('a', 100 + n)
    expect([limit.isOver('a', 500), limit.isOver('b', 500), limit.isOver('a', 1_100)]).toEqual([true, false, false])
  })

  test('names made up by a stranger do not fill the memory', () => {
    const limit = createWindowLimit({ limit: 1, windowMs: 1_000, keys: 10 })
    for (let n = 0; n < 100; n++) limit.count(`name ${n}`, n)
    expect([limit.isOver('name 0', 100), limit.isOver('name 99', 100)]).toEqual([false, true])
  })

  test('a burst goes through at once, then messages wait so that 2,000 a second remain', () => {
    let bucket: Bucket = { tokens: BURST, at: 0 }
    let waits = 0
    for (let n = 0; n < BURST + RATE_PER_S; n++) {
      const taken = takeToken(bucket, 0)
      bucket = taken.bucket
      if (n < BURST) expect(taken.waitMs).toBe(0)
      waits = taken.waitMs
    }
    expect(waits).toBeCloseTo(1_000)
    expect(takeToken(bucket, 3_000).waitMs).toBe(0)
  })

  test('callbacks leave in the order their messages came, also when a later one is done first', () => {
    const out: number[] = []
    const gate = createGate(
      () => 0,
      () => undefined,
    )
    const passages = [0, 1, 2].map((n) => gate.enter(0, () => out.push(n)))
    passages[2]!.leave()
    passages[0]!.leave()
    expect(out).toEqual([0])
    passages[1]!.leave()
    expect(out).toEqual([0, 1, 2])
  })
})

describe('the queue of an absent subscriber', () => {
  const packet = (n: number) => ({ brokerId: 'b', brokerCounter: n })

  test('holds 1,000 messages, the newest', () => {
    const queue = new OutgoingQueue()
    for (let n = 1; n <= QUEUE_MESSAGES + 5; n++) queue.add(packet(n), 0)
    const counters = queue.packets(0).map(({ brokerCounter }) => brokerCounter)
    expect([counters.length, counters[0], counters.at(-1)]).toEqual([1_000, 6, 1_005])
  })

  test('holds them for 24 h', () => {
    const queue = new OutgoingQueue()
    queue.add(packet(1), 0)
    queue.add(packet(2), 1_000)
    expect(queue.packets(QUEUE_MS).map(({ brokerCounter }) => brokerCounter)).toEqual([2])
  })

  test('an acknowledgement takes its own message out and no other', () => {
    const queue = new OutgoingQueue()
    for (let n = 1; n <= 3; n++) queue.add(packet(n), 0)
    for (let n = 1; n <= 3; n++) queue.update({ ...packet(n), messageId: 100 + n })
    expect(queue.clear(102)?.brokerCounter).toBe(2)
    expect(queue.clear(102)).toBeUndefined()
    expect(queue.packets(0).map(({ brokerCounter }) => brokerCounter)).toEqual([1, 3])
  })
})

test('retained topics are counted for whom they belong to, and one that is replaced needs no new place', () => {
  const owners = createRetainedOwners()
  expect(owners.claim('t1', 'a', 2)).toBe(true)
  expect(owners.claim('t2', 'a', 2)).toBe(true)
  expect(owners.claim('t3', 'a', 2)).toBe(false)
  expect(owners.claim('t1', 'a', 2)).toBe(true)
  owners.delete('t2')
  expect(owners.claim('t3', 'a', 2)).toBe(true)
  expect(owners.claim('t3', 'b', 2)).toBe(true) // b has taken it over
  expect(owners.claim('t4', 'a', 2)).toBe(true)
  expect([owners.get('t3'), owners.get('unheard')]).toEqual(['b', 'system'])
})

describe('disk', () => {
  test.each([
    [9_000, 'ok', 'ok'],
    [4_000, 'ok', 'low'],
    [4_200, 'low', 'low'], // a little more is not yet well
    [4_600, 'low', 'ok'],
    [500, 'low', 'floor'],
    [550, 'floor', 'floor'],
    [570, 'floor', 'low'],
    [63, 'ok', 'full'],
    [66, 'full', 'full'],
    [80, 'full', 'floor'],
    [9_000, 'full', 'ok'],
  ] as const)('%i MiB free, coming from %s, is %s', (free, before, expected) => {
    expect(diskStage(free, 512, before)).toBe(expected)
  })
})

describe('retention', () => {
  const day = 86_400_000
  const segment = (n: number): SegmentAge => ({ first: n * 10 + 1, last: n * 10 + 10, path: '', bytes: 2 ** 30, endedAt: n * day })
  const closed = [1, 2, 3].map(segment)
  const cut = (rules: Partial<Parameters<typeof segmentsToCut>[2]>) =>
    segmentsToCut(closed, 0, { now: 10 * day, days: 100, gib: 100, needsRoom: false, passed: 1_000, ...rules }).map(({ first }) => first)

  test('cuts what is past its days, over the size, or one when room is needed', () => {
    expect(cut({})).toEqual([])
    expect(cut({ days: 7.5 })).toEqual([11, 21])
    expect(cut({ gib: 1.5 })).toEqual([11, 21])
    expect(cut({ needsRoom: true })).toEqual([11])
  })

  test('never cuts what a consumer has still to read, nor anything while one has not said where it is', () => {
    expect(cut({ days: 0, passed: 25 })).toEqual([11])
    expect(cut({ days: 0, passed: undefined })).toEqual([])
  })
})

describe('consumers', () => {
  /** The two tables that are used of `broker.db`. */
  function makeDb() {
    const rows = new Map<string, number>()
    let gone: unknown
    const db = {
      consumers: () => new Map(rows),
      putConsumer: (name: string, cursor: number) => void rows.set(name, cursor),
      getState: () => gone,
      putState: (_key: string, value: unknown) => (gone = value),
    }
    return db as unknown as Parameters<typeof openConsumers>[0]
  }
  const three = ['ingest', 'alarms', 'dashboard']

  test('nothing has been passed by all while one of ours has never reported, also another consumer counts', () => {
    const consumers = openConsumers(makeDb())
    for (const name of three.slice(1)) consumers.committed(name, 50)
    expect(consumers.passedByAll()).toBeUndefined()
    consumers.committed('ingest', 40)
    consumers.committed('archive', 7)
    expect(consumers.passedByAll()).toBe(7)
  })

  test('one that is declared gone is not waited for, over a restart too, until it moves again', () => {
    const db = makeDb()
    const consumers = openConsumers(db)
    for (const name of three) consumers.committed(name, 50)
    consumers.committed('ingest', 3)
    expect(consumers.declareGone('nobody')).toBe(false)
    expect(consumers.declareGone('ingest')).toBe(true)
    consumers.committed('ingest', 3)
    expect([consumers.passedByAll(), openConsumers(db).passedByAll()]).toEqual([50, 50])
    consumers.committed('ingest', 4)
    expect([consumers.passedByAll(), openConsumers(db).passedByAll()]).toEqual([4, 4])
  })

  test('one that never came can be declared gone too', () => {
    const consumers = openConsumers(makeDb())
    for (const name of three.slice(1)) consumers.committed(name, 50)
    consumers.declareGone('ingest')
    expect(consumers.passedByAll()).toBe(50)
    expect(consumers.list()[0]).toEqual({ name: 'ingest', cursor: undefined, isGone: true })
  })
})

test('every entry comes back from its exported line', () => {
  const entry = fc.record({ seq: fc.nat(), receivedAt: fc.nat(), client: fc.string(), topic: fc.string(), payload: fc.uint8Array() })
  fc.assert(
    fc.property(entry, (one) => {
      expect(parseExportLine(toExportLine(one))).toEqual({ ...one, payload: Buffer.from(one.payload) })
    }),
  )
})
