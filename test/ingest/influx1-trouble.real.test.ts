import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../domain/clock.ts'
import type { TelemetryStore } from '../../domain/telemetry.ts'
import { openDeadLetters } from '../../ingest/dead-letters.ts'
import { openDeadLettersWriter, type DeadLettersWriter } from '../../ingest/dead-letters-writer.ts'
import { startPump, type Pump } from '../../ingest/pump.ts'
import { openInflux1Store } from '../../ingest/stores/influx1-store.ts'
import { startInflux, whyNoInflux, type InfluxServerUnderTest } from '../support/influx.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { makeJournal, makeRecords, silentLog, type FakeJournal } from './fakes.ts'

const LIFT = 'estates/e/elevator/l-1/telemetry'
const T = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS

describe.runIf(whyNoInflux() === undefined)('the pump into a real InfluxDB', () => {
  let influx: InfluxServerUnderTest
  let dir: ReturnType<typeof makeTempDir>
  let letters: DeadLettersWriter
  let journal: FakeJournal
  let store: TelemetryStore
  let pump: Pump
  let waits: (string | undefined)[]

  const append = (count: number, from: number) => {
    for (let i = from; i < from + count; i++) journal.append(LIFT, { ts: T + i, speed_mps: (i % 20) / 10 })
  }
  const stored = () => until(() => pump.figures().cursor === journal.head(), { timeoutMs: 30_000, what: 'the journal is stored' })
  const count = async () => {
    const answer = await influx.query('SELECT count(speed_mps) FROM elevator', 'estatewatch')
    return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0
  }
  const waitsForStore = () => until(() => waits.at(-1) === 'store', { timeoutMs: 30_000, what: 'the pump waits for the store' })

  beforeEach(async () => {
    influx = await startInflux()
    dir = makeTempDir()
    letters = openDeadLettersWriter({ dataDir: dir.path })
    journal = makeJournal()
    waits = []
    store = openInflux1Store({ url: influx.url, database: 'estatewatch', rawDays: 30, minuteDays: 730, timeoutMs: 1000 })
    pump = startPump({
      journal,
      store,
      letters,
      records: makeRecords(['elevator/l-1']),
      rawDays: 30,
      log: silentLog,
      limits: { points: 200, waitMs: 20 },
      onWaiting: (what) => waits.push(what),
    })
    append(500, 0)
    await stored()
  })
  afterEach(async () => {
    await pump.close()
    await store.close()
    letters.close()
    await influx.close()
    dir.remove()
  })

  it('makes the database with its policies and writes floats, booleans and its cursor', async () => {
    const policies = (await influx.query('SHOW RETENTION POLICIES ON estatewatch')).results[0]!.series![0]!
    expect(policies.values.map(([name, duration]) => [name, duration])).toEqual([
      ['autogen', '720h0m0s'],
      ['minutes', '17520h0m0s'],
    ])
    const fields = (await influx.query('SHOW FIELD KEYS FROM elevator', 'estatewatch')).results[0]!.series![0]!.values
    expect(fields).toEqual([['speed_mps', 'float']])
    const cursor = (await influx.query('SELECT last(seq) FROM estatewatch_cursor', 'estatewatch')).results[0]!.series![0]!.values[0]!
    expect(cursor[1]).toBe(journal.head())
  })

  it('loses nothing when the server is killed and comes back', async () => {
    await influx.stop('SIGKILL')
    append(700, 500)
    await waitsForStore()
    await influx.start()
    await stored()
    expect(await count()).toBe(1200)
  })

  it("fills a server that comes back empty from the journal's start", async () => {
    await influx.stop()
    influx.wipe()
    append(100, 500)
    await waitsForStore()
    await influx.start()
    await stored()
    expect(await count()).toBe(600)
  })

  it('fills a server that comes back empty although no write fell into its absence', async () => {
    await influx.stop()
    influx.wipe()
    await influx.start()
    await influx.query('CREATE DATABASE estatewatch')
    await influx.query('CREATE RETENTION POLICY minutes ON estatewatch DURATION 17520h REPLICATION 1')
    append(100, 500)
    await until(async () => (await count()) === 600, { timeoutMs: 30_000, what: 'all readings are there' })
  })

  it('goes on from where a server that comes back from a copy left off', async () => {
    const copy = makeTempDir()
    await influx.stop('SIGTERM')
    for (const folder of ['meta', 'data', 'wal']) cpSync(join(influx.directory, folder), join(copy.path, folder), { recursive: true })
    await influx.start()
    append(300, 500)
    await stored()
    await influx.stop()
    influx.wipe()
    for (const folder of ['meta', 'data', 'wal']) cpSync(join(copy.path, folder), join(influx.directory, folder), { recursive: true })
    rmSync(copy.path, { recursive: true })
    await influx.start()
    expect(await count()).toBe(500)
    append(10, 800)
    await until(async () => (await count()) === 810, { timeoutMs: 30_000, what: 'all readings are there' })
  })

  it('waits for a server that answers nothing for longer than its time', async () => {
    const paused = await influx.pause()
    append(100, 500)
    await waitsForStore()
    paused.resume()
    await stored()
    expect(await count()).toBe(600)
  })

  it('stores the others of a batch of which the server refuses one point, and keeps that one', async () => {
    await fetch(`${influx.url}/write?db=estatewatch&precision=ms`, {
      method: 'POST',
      body: `elevator,estate=e,device=l-1 floor=3i ${T + 10_000}`,
    })
    append(50, 500)
    journal.append(LIFT, { ts: T + 10_001, floor: 4 })
    append(50, 550)
    await stored()
    expect(await count()).toBe(600)
    const { deadLetters } = openDeadLetters({ dataDir: dir.path }).list()
    expect(deadLetters).toMatchObject([{ reason: 'refused-by-store', topic: LIFT, payload: JSON.stringify({ ts: T + 10_001, floor: 4 }) }])
    expect(deadLetters[0]!.detail).toContain('field type conflict')
  })

  it('keeps a reading older than the policy as refused instead of standing still', async () => {
    await influx.query('ALTER RETENTION POLICY autogen ON estatewatch DURATION 1h SHARD DURATION 1h')
    journal.append(LIFT, { ts: T - 20 * DAY_MS, speed_mps: 1 })
    append(10, 500)
    await stored()
    expect(openDeadLetters({ dataDir: dir.path }).counts()).toEqual({ 'refused-by-store': 1 })
  })

  it('makes the same minutes when it is stopped in between and begins again', async () => {
    await store.maintain(T + 3 * MINUTE_MS)
    const minutes = async () => (await influx.query('SELECT * FROM minutes.elevator_1m', 'estatewatch')).results[0]?.series?.[0]?.values
    const once = await minutes()
    expect(once).toHaveLength(1)
    const again = openInflux1Store({ url: influx.url, database: 'estatewatch', rawDays: 30, minuteDays: 730 })
    await again.maintain(T + 3 * MINUTE_MS)
    await again.close()
    expect(await minutes()).toEqual(once)
  })
})
