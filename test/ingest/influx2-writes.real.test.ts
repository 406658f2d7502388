import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PointsRefused } from '../../ingest/stores/influx-server.ts'
import { toLine } from '../../ingest/stores/line-protocol.ts'
import { makeInflux2Server } from '../../ingest/stores/influx2-store.ts'
import { startInflux, whyNoInflux, type InfluxServerUnderTest } from '../support/influx.ts'
import { T0 } from './store-suite.ts'

/** No 2.x server can be had here: its line protocol, batches and refusals are proven against the write path of 1.x, which checks the same. */
describe.runIf(whyNoInflux() === undefined)('what the client of InfluxDB 2.x writes, on a real server', () => {
  let influx: InfluxServerUnderTest
  let server: ReturnType<typeof makeInflux2Server>
  beforeAll(async () => {
    influx = await startInflux()
    await influx.query('CREATE DATABASE telemetry')
    server = makeInflux2Server({
      url: influx.url,
      token: 'none',
      org: 'none',
      bucket: 'telemetry',
      rawDays: 30,
      minuteDays: 730,
      writePath: () => '/write?db=telemetry&precision=u',
    })
  })
  afterAll(async () => {
    await server.close()
    await influx.close()
  })
  const lift = (device: string, ts: number, fields: Record<string, number | boolean | string>) =>
    toLine({ measurement: 'elevator', tags: { estate: 'e', device }, fields, micros: `${ts}000` })
  const read = async (device: string) =>
    (await influx.query(`SELECT * FROM elevator WHERE device = '${device}'`, 'telemetry')).results[0]?.series?.[0]

  it('is taken: floats, booleans, words with quotes, spaces, backslashes and Chinese', async () => {
    const fields = { floor: 3, speed_mps: 1.5, passenger: true, mode: 'a "b" c\\d 电梯 = ,' }
    await server.write('raw', [lift('l-1', T0, fields)])
    const series = (await read('l-1'))!
    expect(Object.fromEntries(series.columns.map((name, i) => [name, series.values[0]![i]]))).toEqual({
      time: T0,
      device: 'l-1',
      estate: 'e',
      ...fields,
    })
    const types = (await influx.query('SHOW FIELD KEYS FROM elevator', 'telemetry')).results[0]!.series![0]!.values
    expect(types).toContainEqual(['floor', 'float'])
  })

  it('is taken in batches of 5,000, twice without doubling', async () => {
    const points = Array.from({ length: 5000 }, (_, i) => lift('l-2', T0 + i, { floor: i % 20 }))
    await server.write('raw', points)
    await server.write('raw', points)
    const counted = await influx.query(`SELECT count(floor) FROM elevator WHERE device = 'l-2'`, 'telemetry')
    expect(counted.results[0]!.series![0]!.values[0]![1]).toBe(5000)
  })

  it('says which point a server refuses, while the others are there', async () => {
    await fetch(`${influx.url}/write?db=telemetry&precision=ms`, {
      method: 'POST',
      body: `elevator,estate=e,device=l-3 run_count=3i ${T0}`,
    })
    const write = server.write('raw', [lift('l-3', T0 + 1, { run_count: 4 }), lift('l-3', T0 + 2, { floor: 4 })])
    await expect(write).rejects.toThrow(PointsRefused)
    await expect(write).rejects.toThrow(/field type conflict/)
    expect((await read('l-3'))!.values.map(([time]) => time)).toEqual([T0, T0 + 2])
  })

  it('fails as a store that is down when nobody answers', async () => {
    await influx.stop()
    await expect(server.write('raw', [lift('l-4', T0, { floor: 1 })])).rejects.toMatchObject({ code: 'store-down' })
  })
})
