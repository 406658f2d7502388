/** What a telemetry store takes through its port beside the raw rate of its engine in the same run, and how soon it answers a day of history over REST. */
import { HOUR_MS, MINUTE_MS } from '../domain/clock.ts'
import type { TelemetryStore } from '../domain/telemetry.ts'
import { openInflux1Store } from '../ingest/stores/influx1-store.ts'
import { makeInflux2Server } from '../ingest/stores/influx2-store.ts'
import { makeLineMaker } from '../ingest/stores/line-protocol.ts'
import { openSqliteStore } from '../ingest/stores/sqlite-store.ts'
import { startTestDashboard } from '../test/support/dashboard.ts'
import { startInflux, type InfluxServerUnderTest } from '../test/support/influx.ts'
import { makeTempDir } from '../test/support/temp-dir.ts'
import { ESTATE, makeGround } from './ground.ts'
import { bulkRate } from './influx-bulk.ts'
import { liftPoints } from './lift-reading.ts'
import { median, quantile, type Bench, type Report } from './report.ts'
import { rawSqliteRate } from './sqlite-bulk.ts'

const AT_ONCE = 5000
const POINTS = 100_000
const ROUNDS = 5
const DAY = { lifts: 40, everyMs: 20_000, hours: 24 }
const REQUESTS = 200
/** 300 parts of a day are made of whole minutes, five each. */
const PARTS = 288

interface Measured {
  readonly write_per_s: number
  readonly raw_write_per_s: number
  readonly history_p99_ms?: number
}

export const stores: Bench = async () => {
  const influx = await startInflux()
  try {
    const sqlite = { ...(await measureSqlite()), history_p99_ms: await historyP99() }
    const influx1 = { ...(await measureInflux1(influx)), history_p99_ms: await historyP99(influx) }
    const influx2 = await measureInflux2Writes(influx)
    return report({ sqlite, influx1, influx2_client_on_1x: influx2 })
  } finally {
    await influx.close()
  }
}

function report(measured: Readonly<Record<string, Measured>>): Report {
  const limits: Record<string, Report['limits'][string]> = {}
  for (const [name, { write_per_s, raw_write_per_s, history_p99_ms }] of Object.entries(measured)) {
    limits[`${name}_write_of_raw`] = { figure: write_per_s / raw_write_per_s, atLeast: 0.5 }
    if (history_p99_ms !== undefined) limits[`${name}_history_p99_ms`] = { figure: history_p99_ms, atMost: name === 'sqlite' ? 20 : 50 }
  }
  const table = Object.entries(measured).map(([store, { write_per_s, raw_write_per_s, history_p99_ms }]) => ({
    store,
    write_per_s: Math.round(write_per_s),
    raw_write_per_s: Math.round(raw_write_per_s),
    history_p99_ms: history_p99_ms === undefined ? '' : Math.round(history_p99_ms * 10) / 10,
  }))
  return { table, figures: Object.fromEntries(Object.entries(measured).map(([name, figures]) => [name, { ...figures }])), limits }
}

/** One after the other in turn, so that both see the same machine. */
async function alternate(ours: (round: number) => Promise<number>, raw: (round: number) => Promise<number>): Promise<Measured> {
  const rates: [number, number][] = []
  for (let round = 0; round < ROUNDS; round++) rates.push([await ours(round), await raw(round)])
  return { write_per_s: median(rates.map(([rate]) => rate)), raw_write_per_s: median(rates.map(([, rate]) => rate)) }
}

async function measureSqlite(): Promise<Measured> {
  return alternate(
    async () => {
      const dir = makeTempDir()
      const store = openSqliteStore({ dataDir: dir.path, rawDays: 30, minuteDays: 730 })
      const rate = await fill(store)
      await store.close()
      dir.remove()
      return rate
    },
    async () => rawSqliteRate(makeBatches()),
  )
}

async function measureInflux1(influx: InfluxServerUnderTest): Promise<Measured> {
  return alternate(
    async (round) => {
      const store = openInflux1Store({ url: influx.url, database: `ours${round}`, rawDays: 30, minuteDays: 730 })
      await store.cursor()
      const rate = await fill(store)
      await store.close()
      return rate
    },
    async (round) => bulkRate(influx.url, { database: `raw${round}`, points: POINTS }),
  )
}

/** No 2.x server can be had: its client's writes go to the write path of 1.x, which takes the same lines. */
async function measureInflux2Writes(influx: InfluxServerUnderTest): Promise<Measured> {
  return alternate(
    async (round) => {
      const database = `client2x${round}`
      await influx.query(`CREATE DATABASE ${database}`)
      const writePath = () => `/write?db=${database}&precision=u`
      const server = makeInflux2Server({
        url: influx.url,
        token: 'none',
        org: 'none',
        bucket: 'b',
        rawDays: 30,
        minuteDays: 730,
        writePath,
      })
      const lineOf = makeLineMaker()
      const rate = await rateOf(2, async (batch) => server.write('raw', batch.map(lineOf)))
      await server.close()
      return rate
    },
    async (round) => bulkRate(influx.url, { database: `raw2x${round}`, points: POINTS }),
  )
}

async function fill(store: TelemetryStore): Promise<number> {
  let cursor = 0
  return rateOf(store.writesAtOnce ?? 1, async (batch) => store.write(batch, ++cursor))
}

type Batch = ReturnType<typeof liftPoints>

function makeBatches(): Batch[] {
  const now = Date.now() - HOUR_MS
  return Array.from({ length: POINTS / AT_ONCE }, (_, i) =>
    liftPoints({ from: i * AT_ONCE, count: AT_ONCE, lifts: 2000, startsAt: now, stepMs: 1000 }),
  )
}

/** @returns points a second, so many batches under way at once. */
async function rateOf(atOnce: number, write: (batch: Batch) => Promise<unknown>): Promise<number> {
  const batches = makeBatches().reverse()
  const from = performance.now()
  const writer = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) await write(batch)
  }
  await Promise.all(Array.from({ length: atOnce }, writer))
  return POINTS / ((performance.now() - from) / 1000)
}

/** A day of some lifts with their minutes, all drawable fields of one lift in 300 points, asked of a dashboard server. */
async function historyP99(influx?: InfluxServerUnderTest): Promise<number> {
  const ground = makeGround({ lifts: DAY.lifts, gateways: 1 })
  const retention = { rawDays: 30, minuteDays: 730 }
  const store = influx
    ? openInflux1Store({ url: influx.url, database: 'day', ...retention })
    : openSqliteStore({ dataDir: ground.dataDir, ...retention })
  const to = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const from = to - DAY.hours * HOUR_MS
  const total = (DAY.lifts * DAY.hours * HOUR_MS) / DAY.everyMs
  for (let at = 0; at < total; at += AT_ONCE)
    await store.write(
      liftPoints({ from: at, count: Math.min(AT_ONCE, total - at), lifts: DAY.lifts, startsAt: from, stepMs: DAY.everyMs }),
      at + AT_ONCE,
    )
  await store.maintain(Date.now())
  await store.close()
  const env = influx ? { INFLUX_URL: influx.url, INFLUX_DB: 'day' } : {}
  const dashboard = await startTestDashboard({ dataDir: ground.dataDir, env })
  const took: number[] = []
  for (let i = 0; i < REQUESTS; i++) {
    const started = performance.now()
    const path = `/estates/${ESTATE}/elevator/${ground.lifts[i % ground.lifts.length]}/history?from=${from}&to=${to - 1}&points=300`
    const { status, body } = await dashboard.admin.call<{ fields: Record<string, unknown[]> }>('GET', path)
    took.push(performance.now() - started)
    if (status !== 200 || (body.fields['floor']?.length ?? 0) !== PARTS)
      throw new Error(`history answered ${status}: ${JSON.stringify(body).slice(0, 200)}`)
  }
  await dashboard.close()
  await ground.close()
  return quantile(took, 0.99)
}
