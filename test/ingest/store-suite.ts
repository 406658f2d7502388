/** What every telemetry store must do: one suite, run against each of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/clock.ts'
import type { HistoryQuery, TelemetryPoint, TelemetryStore } from '../../domain/telemetry.ts'

export interface StoreUnderTest {
  /** Opens the store again on the same data. */
  open(): Promise<TelemetryStore>
  close(): Promise<void>
}

/** A round minute some hours ago, well inside the raw retention. */
export const T0 = Math.floor((Date.now() - 3 * HOUR_MS) / HOUR_MS) * HOUR_MS

let nextDevice = 0
/** A device of its own for each test, so that tests share one server. */
export function freshDevice(): string {
  return `d-${++nextDevice}`
}

export function lift(device: string, ts: number, values: TelemetryPoint['values']): TelemetryPoint {
  return { measurement: 'elevator', estate: 'suite', device, ts, values }
}

export function ask(device: string, query: Partial<HistoryQuery> = {}): HistoryQuery {
  return { estate: 'suite', kind: 'elevator', device, fields: ['speed_mps'], from: T0, to: T0 + 10_000, points: 10, ...query }
}

export function describeStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`the ${name} store`, () => {
    let under: StoreUnderTest
    let store: TelemetryStore
    let cursor = 0
    const write = (points: readonly TelemetryPoint[]) => store.write(points, ++cursor)
    beforeAll(async () => {
      under = await start()
      store = await under.open()
    })
    afterAll(async () => {
      await store.close()
      await under.close()
    })

    it('knows no cursor before the first write and keeps the last one over a restart', async () => {
      expect(await store.cursor()).toBeUndefined()
      await write([])
      await write([lift(freshDevice(), T0, { floor: 1 })])
      expect(await store.cursor()).toBe(cursor)
      await store.close()
      store = await under.open()
      expect(await store.cursor()).toBe(cursor)
    })

    it('gives minimum, mean and maximum of each bucket, oldest first, and leaves empty buckets out', async () => {
      const device = freshDevice()
      await write([
        lift(device, T0 + 8_100, { speed_mps: 5 }),
        lift(device, T0, { speed_mps: 1 }),
        lift(device, T0 + 100, { speed_mps: 2 }),
        lift(device, T0 + 200, { speed_mps: 6 }),
      ])
      const history = await store.history(ask(device, { to: T0 + 9_999 }))
      expect(history).toEqual({
        speed_mps: [
          [T0, 1, 3, 6],
          [T0 + 8_000, 5, 5, 5],
        ],
      })
    })

    it('never gives more buckets than asked for, whatever the stretch', async () => {
      const device = freshDevice()
      await write(Array.from({ length: 61 }, (_, i) => lift(device, T0 + i * 1000, { speed_mps: i % 10 })))
      for (const points of [1, 2, 7, 60, 61, 300]) {
        const rows = (await store.history(ask(device, { to: T0 + 60_000, points })))['speed_mps']!
        expect(rows.length).toBeLessThanOrEqual(points)
        expect(Math.min(...rows.map(([, min]) => min))).toBe(0)
        expect(Math.max(...rows.map(([, , , max]) => max))).toBe(9)
      }
    })

    it('counts booleans as 0 and 1, says nothing of words, and answers for a device it has never heard', async () => {
      const device = freshDevice()
      await write([
        lift(device, T0, { passenger: true, mode: 'normal', speed_mps: 1 }),
        lift(device, T0 + 1, { passenger: false }),
        lift(device, T0 + 2, { passenger: false }),
        lift(device, T0 + 3, { passenger: false }),
      ])
      const history = await store.history(ask(device, { fields: ['passenger', 'mode', 'speed_mps'], points: 1 }))
      expect(history).toEqual({ passenger: [[T0, 0, 0.25, 1]], mode: [], speed_mps: [[T0, 1, 1, 1]] })
      expect(await store.history(ask(freshDevice()))).toEqual({ speed_mps: [] })
    })

    it('changes nothing when the same points are written twice', async () => {
      const device = freshDevice()
      const points = Array.from({ length: 50 }, (_, i) => lift(device, T0 + i * 100, { speed_mps: i / 10, floor: i }))
      await write(points)
      const once = await store.history(ask(device, { points: 3 }))
      await write(points)
      expect(await store.history(ask(device, { points: 3 }))).toEqual(once)
    })

    it('takes whole numbers and fractions in one field', async () => {
      const device = freshDevice()
      await write([lift(device, T0, { speed_mps: 1 })])
      expect(await write([lift(device, T0 + 1, { speed_mps: 1.5 })])).toEqual([])
      expect((await store.history(ask(device, { points: 1 })))['speed_mps']).toEqual([[T0, 1, 1.25, 1.5]])
    })

    it('hands back a point that fits nothing and stores the others of its batch', async () => {
      const device = freshDevice()
      const wrong: TelemetryPoint = { ...lift(device, T0 + 1, { speed_mps: 'fast' }) }
      const stranger: TelemetryPoint = { ...lift(device, T0 + 2, { speed_mps: 1 }), measurement: 'weather' }
      const refused = await write([lift(device, T0, { speed_mps: 1 }), wrong, stranger, lift(device, T0 + 3, { speed_mps: 3 })])
      expect(refused.map(({ point }) => point)).toEqual([wrong, stranger])
      expect((await store.history(ask(device, { points: 1 })))['speed_mps']).toEqual([[T0, 1, 2, 3]])
      expect(await store.cursor()).toBe(cursor)
    })

    it('keeps the newest value of each field, whatever the order they came in', async () => {
      const device = freshDevice()
      const now = Math.floor(Date.now() / 1000) * 1000
      await write([
        lift(device, now - 1000, { floor: 3, passenger: true, mode: 'normal' }),
        lift(device, now - 5000, { floor: 1, door: 'open' }),
        lift(device, now, { floor: 4 }),
      ])
      await write([lift(device, now - 2000, { floor: 2 })])
      const rows = (await store.latest('suite')).filter((row) => row.device === device)
      expect(rows).toEqual([{ kind: 'elevator', device, ts: now, values: { floor: 4, passenger: true, mode: 'normal', door: 'open' } }])
      expect(await store.latest('nowhere')).toEqual([])
    })

    it('keeps two events of one device in the same millisecond apart and beside its readings', async () => {
      const device = freshDevice()
      const event = { measurement: 'fence-zone_event', estate: 'suite', device, ts: T0 }
      const refused = await write([
        { ...event, values: { code: 'cut', active: true, chainage_m: 437 } },
        { ...event, values: { code: 'touch', active: true } },
        { ...event, measurement: 'elevator_event', values: { code: 'other-fault', active: true, scheme: 'city-b', wire_code: '99' } },
        lift(device, T0, { speed_mps: 1 }),
      ])
      expect(refused).toEqual([])
      expect((await store.history(ask(device, { points: 1 })))['speed_mps']).toEqual([[T0, 1, 1, 1]])
    })

    it('makes minutes that give the same minimum, mean and maximum as the raw data, and works on late data too', async () => {
      const device = freshDevice()
      const values = (minute: number) => [minute, minute + 0.5, minute + 1]
      const points = [0, 1, 2, 3].flatMap((minute) =>
        values(minute).map((speed, i) => lift(device, T0 + minute * MINUTE_MS + i * 1000, { speed_mps: speed, passenger: i === 0 })),
      )
      await write(points)
      const query = ask(device, { fields: ['speed_mps', 'passenger'], to: T0 + 4 * MINUTE_MS - 1, points: 2 })
      const before = await store.history(query)
      expect(before['speed_mps']).toEqual([
        [T0, 0, 1, 2],
        [T0 + 2 * MINUTE_MS, 2, 3, 4],
      ])
      await store.maintain(Date.now())
      expect(roughly(await store.history(query))).toEqual(roughly(before))
      await write([lift(device, T0 + 30_000, { speed_mps: 9 })])
      await store.maintain(Date.now())
      const after = (await store.history(query))['speed_mps']!
      expect(after[0]![3]).toBe(9)
      expect(after[1]).toEqual(before['speed_mps']![1])
    })

    it('goes on with the minutes where it was after a restart', async () => {
      const device = freshDevice()
      await write([lift(device, T0 + HOUR_MS, { speed_mps: 2 }), lift(device, T0 + HOUR_MS + MINUTE_MS, { speed_mps: 4 })])
      await store.close()
      store = await under.open()
      await store.maintain(Date.now())
      const rows = (await store.history(ask(device, { from: T0 + HOUR_MS, to: T0 + HOUR_MS + 2 * MINUTE_MS - 1, points: 2 })))['speed_mps']
      expect(rows).toEqual([
        [T0 + HOUR_MS, 2, 2, 2],
        [T0 + HOUR_MS + MINUTE_MS, 4, 4, 4],
      ])
    })

    it('answers for two years in one call', async () => {
      const device = freshDevice()
      await write([lift(device, T0, { speed_mps: 2 })])
      await store.maintain(Date.now())
      const rows = (await store.history(ask(device, { from: T0 - 730 * DAY_MS, to: T0 + HOUR_MS, points: 300 })))['speed_mps']!
      expect(rows).toHaveLength(1)
      expect(rows[0]!.slice(1)).toEqual([2, 2, 2])
    })
  })
}

function roughly(history: Readonly<Record<string, readonly (readonly number[])[]>>): unknown {
  return Object.fromEntries(
    Object.entries(history).map(([field, rows]) => [field, rows.map((row) => row.map((value) => Number(value.toFixed(6))))]),
  )
}
