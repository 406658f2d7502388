import { cpSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/clock.ts'
import { openSqliteHistory } from '../../ingest/stores/sqlite-history.ts'
import { downsampleSome } from '../../ingest/stores/sqlite-minutes.ts'
import { openSqliteStore, type SqliteStoreOptions } from '../../ingest/stores/sqlite-store.ts'
import { openDatabase } from '../../storage/sqlite.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { ask, lift, T0 } from './store-suite.ts'

let dir: ReturnType<typeof makeTempDir>
beforeEach(() => (dir = makeTempDir()))
afterEach(() => dir.remove())

const open = (options: Partial<SqliteStoreOptions> = {}) => openSqliteStore({ dataDir: dir.path, rawDays: 30, minuteDays: 730, ...options })
const tables = () => {
  const database = openDatabase(join(dir.path, 'telemetry.db'), { readonly: true })
  const names = database
    .prepare(`select name from sqlite_master where type = 'table' and name like 'elevator%' order by name`)
    .all()
    .map(({ name }) => String(name))
  database.close()
  return names
}

describe('minutes in SQLite', () => {
  const devices = Array.from({ length: 8 }, (_, i) => `m-${i}`)
  const points = devices.flatMap((device, d) =>
    Array.from({ length: 120 }, (_, i) => lift(device, T0 + i * 2000, { speed_mps: (i * 7 + d) % 10, passenger: i % 3 === 0 })),
  )
  const minutesOf = (path: string) => {
    const database = openDatabase(join(path, 'telemetry.db'), { readonly: true })
    const rows = database.prepare(`select * from "elevator_1m__${Math.floor(T0 / (240 * HOUR_MS)) * 240}" order by series, ts`).all()
    const left = database.prepare('select count(*) as n from dirty').get()?.['n']
    database.close()
    return { rows, left }
  }

  it('are the same whether it was killed after any number of steps or never', async () => {
    const whole = open()
    await whole.write(points, 1)
    const copies = [0, 1, 3].map((steps) => {
      const database = openDatabase(join(dir.path, 'telemetry.db'))
      for (let i = 0; i < steps; i++) downsampleSome(database, T0 + HOUR_MS, 5)
      const copy = makeTempDir()
      for (const file of ['telemetry.db', 'telemetry.db-wal']) cpSync(join(dir.path, file), join(copy.path, file))
      database.close()
      return copy
    })
    await whole.maintain(T0 + HOUR_MS)
    const expected = minutesOf(dir.path)
    expect(expected.rows).toHaveLength(devices.length * 4)
    expect(expected.left).toBe(0)
    for (const copy of copies) {
      const killed = openSqliteStore({ dataDir: copy.path, rawDays: 30, minuteDays: 730 })
      expect(await killed.cursor()).toBe(1)
      await killed.maintain(T0 + HOUR_MS)
      expect(minutesOf(copy.path)).toEqual(expected)
      await killed.close()
      copy.remove()
    }
    await whole.close()
  })

  it('are made again when a reading comes after its minute was made', async () => {
    const store = open()
    const query = ask('m-1', { to: T0 + 2 * MINUTE_MS - 1, points: 2 })
    await store.write([lift('m-1', T0, { speed_mps: 1 })], 1)
    await store.maintain(T0 + 2 * MINUTE_MS)
    await store.write([lift('m-1', T0 + 1000, { speed_mps: 3 })], 2)
    expect(await store.history(query)).toEqual({ speed_mps: [[T0, 1, 2, 3]] })
    await store.maintain(T0 + 2 * MINUTE_MS)
    expect(await store.history(query)).toEqual({ speed_mps: [[T0, 1, 2, 3]] })
    expect(minutesOf(dir.path).rows).toHaveLength(1)
    await store.close()
  })
})

describe('retention in SQLite', () => {
  it('drops raw hours past their days and answers from the minutes, which go later', async () => {
    const store = open({ minuteDays: 60 })
    await store.write([lift('r-1', T0, { speed_mps: 2 }), lift('r-1', T0 + HOUR_MS, { speed_mps: 4 })], 1)
    await store.maintain(T0 + 30 * DAY_MS + HOUR_MS)
    expect(tables()).toEqual([`elevator_1m__${Math.floor(T0 / (240 * HOUR_MS)) * 240}`, `elevator__${T0 / HOUR_MS + 1}`])
    const short = await store.history(ask('r-1', { to: T0 + 1000, points: 10 }))
    expect(short['speed_mps']).toEqual([[T0, 2, 2, 2]])
    await store.maintain(T0 + 80 * DAY_MS)
    expect(tables()).toEqual([])
    await store.close()
  })

  it('keeps raw data for ever with RAW_DAYS=0', async () => {
    const store = open({ rawDays: 0 })
    await store.write([lift('r-2', 1000, { speed_mps: 2 })], 1)
    await store.maintain(T0)
    expect((await store.history(ask('r-2', { from: 0, to: 5000 })))['speed_mps']).toEqual([[expect.any(Number), 2, 2, 2]])
    await store.close()
  })

  it('hands back a reading of an hour that was dropped, so that its minute stays whole', async () => {
    const store = open()
    await store.write([lift('r-3', T0, { speed_mps: 2 })], 1)
    await store.maintain(T0 + 31 * DAY_MS)
    const late = lift('r-3', T0 + 1, { speed_mps: 9 })
    expect(await store.write([late], 2)).toEqual([{ point: late, detail: 'its hour has been dropped already' }])
    await store.close()
  })
})

describe('a short disk', () => {
  it('makes no minutes under the floor and makes them when there is room', async () => {
    let free = 499
    const store = open({ floorBytes: 500, freeBytes: () => free })
    await store.write([lift('f-1', T0, { speed_mps: 1 })], 1)
    await store.maintain(T0 + HOUR_MS)
    expect(tables().filter((name) => name.startsWith('elevator_1m'))).toEqual([])
    free = 1000
    await store.maintain(T0 + HOUR_MS)
    expect(tables().filter((name) => name.startsWith('elevator_1m'))).toHaveLength(1)
    await store.close()
  })

  it('gives the oldest raw hours back first, and the file shrinks', async () => {
    let disk = () => 10_000
    const store = open({ trimBytes: 1000, freeBytes: () => disk() })
    for (let hour = 0; hour < 3; hour++)
      await store.write(
        Array.from({ length: 20_000 }, (_, i) =>
          lift(`f-${i % 10}`, T0 - 5 * HOUR_MS + hour * HOUR_MS + i * 100, { speed_mps: 1, floor: 3 }),
        ),
        hour + 1,
      )
    await store.maintain(T0)
    expect(store.trimmedHours()).toBe(0)
    const pages = () => {
      const database = openDatabase(join(dir.path, 'telemetry.db'), { readonly: true })
      const count = Number(database.prepare('pragma page_count').get()?.['page_count'])
      database.close()
      return count
    }
    const before = pages()
    const hours = tables().filter((name) => name.startsWith('elevator__'))
    // Room is short until a third of the file has gone: one hour, given back in full before the next one.
    disk = () => (pages() > before * 0.8 ? 900 : 2000)
    await store.maintain(T0)
    expect(store.trimmedHours()).toBe(1)
    expect(tables().filter((name) => name.startsWith('elevator__'))).toEqual(hours.slice(1))
    expect(statSync(join(dir.path, 'telemetry.db')).size).toBe(pages() * 4096)
    await store.close()
    const again = open()
    expect(again.trimmedHours()).toBe(1)
    await again.close()
  })
})

describe('the reading side of another process', () => {
  it('has no history before the file is there and finds it later', async () => {
    const reader = openSqliteHistory({ dataDir: dir.path })
    expect(await reader.history(ask('o-1'))).toEqual({ speed_mps: [] })
    expect(await reader.latest('suite')).toEqual([])
    const store = open()
    await store.write([lift('o-1', T0, { speed_mps: 1, mode: 'normal' })], 1)
    expect(await reader.history(ask('o-1'))).toEqual({ speed_mps: [[T0, 1, 1, 1]] })
    await store.write([lift('o-1', T0 + HOUR_MS, { speed_mps: 3 })], 2)
    expect(await reader.history(ask('o-1', { to: T0 + HOUR_MS, points: 1 }))).toEqual({ speed_mps: [[T0, 1, 2, 3]] })
    expect(await reader.latest('suite')).toEqual([
      { kind: 'elevator', device: 'o-1', ts: T0 + HOUR_MS, values: { speed_mps: 3, mode: 'normal' } },
    ])
    await store.close()
    await reader.close()
  })
})
