import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Config } from '../../config.ts'
import { SECOND_MS } from '../../domain/clock.ts'
import { SYSTEM_TOPICS, type SystemFault } from '../../domain/system.ts'
import { startIngest } from '../../ingest/role.ts'
import { openHistory } from '../../ingest/stores/index.ts'
import { readRoleStatuses } from '../../storage/role-status.ts'
import { SMALL_ESTATE } from '../estates/small-estate.ts'
import { silentLog, startTestBroker, type TestBroker } from '../support/broker.ts'
import { startTestDashboard, type TestDashboard } from '../support/dashboard.ts'
import { startInflux, whyNoInflux, type InfluxServerUnderTest } from '../support/influx.ts'
import { until } from '../support/until.ts'

describe.runIf(whyNoInflux() === undefined)('ingest on a real broker and a real InfluxDB', () => {
  let influx: InfluxServerUnderTest
  let broker: TestBroker
  let dashboard: TestDashboard
  let ingest: { close(): Promise<void> }
  let config: Config
  let publish: (payload: object) => Promise<unknown>
  const status = () => readRoleStatuses(broker.dataDir).ingest
  const faults = () =>
    broker
      .entries()
      .filter(({ topic }) => topic === SYSTEM_TOPICS.fault)
      .map(({ payload }) => JSON.parse(Buffer.from(payload).toString()) as SystemFault)
  const count = async () => (await influx.query('SELECT count(floor) FROM elevator', 'line')).results[0]?.series?.[0]?.values[0]?.[1]

  beforeAll(async () => {
    influx = await startInflux()
    broker = await startTestBroker()
    config = { ...broker.config, store: { type: 'influx1', url: influx.url, database: 'line' } }
    ingest = await startIngest(config, silentLog)
  })
  afterAll(async () => {
    await ingest.close()
    await dashboard.close()
    await broker.close()
    await influx.close()
  })

  it('waits for the first estate and says so', async () => {
    await until(() => status()?.state === 'waiting' && status()?.waitingFor?.includes('records.db'))
    dashboard = await startTestDashboard({ dataDir: broker.dataDir })
    await dashboard.admin.call('POST', '/estates', SMALL_ESTATE)
    const { body } = await dashboard.admin.call<{ username: string; password: string }>('POST', '/estates/small/gateways', { name: 'gw-1' })
    const client = await broker.connect(body)
    publish = (payload) => client.publishAsync('estates/small/elevator/lift-1-1/telemetry', JSON.stringify(payload), { qos: 1 })
    await until(() => status()?.state === 'running', { timeoutMs: 30_000 })
  })

  it('stores what was acknowledged within a moment and answers its history', async () => {
    const ts = Date.now() - SECOND_MS
    await publish({ ts, floor: 3 })
    await until(async () => (await count()) === 1, { timeoutMs: 10_000 })
    const history = openHistory(config)
    const query = { estate: 'small', kind: 'elevator', device: 'lift-1-1', fields: ['floor'], from: ts - 10, to: ts + 10, points: 1 }
    expect(await history.history(query)).toEqual({ floor: [[ts - 10, 3, 3, 3]] })
    expect(await history.latest('small')).toEqual([{ kind: 'elevator', device: 'lift-1-1', ts, values: { floor: 3 } }])
    await history.close()
  })

  it('raises store-down while the server is away, acknowledges on, and ends it when all is stored', async () => {
    await influx.stop()
    const base = Date.now() - 2 * SECOND_MS
    await Promise.all(Array.from({ length: 50 }, (_, i) => publish({ ts: base - i, floor: 4 })))
    await until(() => faults().some(({ code, active }) => code === 'store-down' && active), { timeoutMs: 30_000 })
    expect(status()).toMatchObject({ state: 'degraded', figures: { store: 'down' } })
    await influx.start()
    await until(async () => (await count()) === 51, { timeoutMs: 30_000 })
    await until(() => faults().at(-1)?.active === false, { timeoutMs: 10_000 })
    await until(() => status()?.state === 'running' && status()?.figures?.['store'] === 'up')
  })

  it('goes on where it was after a restart', async () => {
    await ingest.close()
    const base = Date.now() - SECOND_MS
    await Promise.all(Array.from({ length: 50 }, (_, i) => publish({ ts: base + i, floor: 5 })))
    ingest = await startIngest(config, silentLog)
    await until(async () => (await count()) === 101, { timeoutMs: 30_000 })
    await until(() => (status()?.cursor ?? 0) > 0 && (status()?.lagMs ?? Infinity) < 2000)
  })
})
