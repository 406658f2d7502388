/** Keeps points in InfluxDB 2.x: raw data in the bucket of the settings, minutes and events in `<bucket>_minutes`. */
import { DAY_MS, MINUTE_MS, type EpochMs } from '../../domain/clock.ts'
import type { FieldValue } from '../../domain/device-kind.ts'
import type { LatestRow, TelemetryStore } from '../../domain/telemetry.ts'
import { ensureBuckets } from './influx2-buckets.ts'
import { flux, fluxDuration, instant, makeInflux2Client, type FluxRow, type Influx2Client, type Influx2Settings } from './influx2-client.ts'
import {
  fieldTypesOf,
  type BucketQuery,
  type BucketRow,
  type InfluxPoint,
  type InfluxServer,
  type Kept,
  type Stretch,
} from './influx-server.ts'
import { makeInfluxStore } from './influx-store.ts'
import { toLine } from './line-protocol.ts'
import { countableFields, STATISTICS } from './schema.ts'

export interface Influx2Options extends Influx2Settings {
  readonly rawDays: number
  readonly minuteDays: number
}

export function openInflux2Store(options: Influx2Options): TelemetryStore {
  return makeInfluxStore(makeInflux2Server(options))
}

/** Newest values are looked for so far back: a bay reports each 6 h. */
const LATEST_WITHIN_MS = 7 * DAY_MS
const WRITE_AT_ONCE = 5000

export function makeInflux2Server(options: Influx2Options): InfluxServer {
  const client = makeInflux2Client(options)
  const bucketOf = (kept: Kept) => (kept === 'raw' ? options.bucket : `${options.bucket}_minutes`)
  return {
    name: 'influx2',
    ensure: async () => {
      if (!options.writePath) await ensureBuckets(client, options)
    },
    write: async (kept, lines) => client.write(bucketOf(kept), lines),
    readOwn: async (measurement, field, kept) => {
      const rows = await client.query(flux`from(bucket: ${bucketOf(kept)})
  |> range(start: ${instant(0)}, stop: ${instant(Date.now() + DAY_MS)})
  |> filter(fn: (r) => r._measurement == ${measurement} and r._field == ${field})
  |> sort(columns: ["_time"], desc: true)
  |> limit(n: 2)`)
      return rows.map((row) => Number(row['_value']))
    },
    readMarks: async (measurement, field) => {
      const rows = await client.query(flux`from(bucket: ${options.bucket})
  |> range(start: ${instant(0)}, stop: ${instant(Date.now() + DAY_MS)})
  |> filter(fn: (r) => r._measurement == ${measurement} and r._field == ${field})
  |> filter(fn: (r) => r._value > 0.0)`)
      return rows.map((row) => ({ kind: row['kind'] ?? '', ts: Date.parse(row['_time'] ?? '') }))
    },
    rawBuckets: async (query, fields) => {
      const streams = (['min', 'max', 'sum', 'count'] as const).map((name) => ({ name, fields, fn: name }))
      return toBuckets(
        await readStreams(client, { bucket: options.bucket, measurement: query.kind, query, streams }),
        query,
        (field) => field,
      )
    },
    minuteBuckets: async (query, fields) => {
      const ending = (statistic: string) => fields.map((field) => `${field}_${statistic}`)
      const streams = [
        { name: 'min', fields: ending('min'), fn: 'min' },
        { name: 'max', fields: ending('max'), fn: 'max' },
        { name: 'sum', fields: ending('mean'), fn: 'sum' },
        { name: 'count', fields: ending('mean'), fn: 'count' },
      ] as const
      const rows = await readStreams(client, { bucket: bucketOf('minutes'), measurement: `${query.kind}_1m`, query, streams })
      return toBuckets(rows, query, (field) => field.replace(/_(min|mean|max)$/, ''))
    },
    downsample: async (kind, stretch) => downsample(client, kind, { stretch, from: options.bucket, into: bucketOf('minutes') }),
    latest: async (estate, kind) => readLatest(client, options.bucket, { estate, kind }),
    opened: () => client.opened(),
    close: async () => client.close(),
  }
}

interface Stream {
  /** Names the rows in the answer. */
  readonly name: string
  readonly fields: readonly string[]
  readonly fn: 'min' | 'max' | 'sum' | 'count' | 'mean'
}

async function readStreams(
  client: Influx2Client,
  {
    bucket,
    measurement,
    query,
    streams,
  }: { readonly bucket: string; readonly measurement: string; readonly query: BucketQuery; readonly streams: readonly Stream[] },
): Promise<readonly FluxRow[]> {
  const { estate, device, from, to, start, widthMs } = query
  const every = fluxDuration(`${widthMs}ms`)
  const offset = fluxDuration(`${((start % widthMs) + widthMs) % widthMs}ms`)
  const rows = await Promise.all(
    streams.map(async ({ name, fields, fn }) =>
      (
        await client.query(flux`from(bucket: ${bucket})
  |> range(start: ${instant(from)}, stop: ${instant(to + 1)})
  |> filter(fn: (r) => r._measurement == ${measurement} and r.estate == ${estate} and r.device == ${device})
  |> filter(fn: (r) => contains(value: r._field, set: ${fields}))
  |> toFloat()
  |> window(every: ${every}, offset: ${offset})
  |> ${FUNCTIONS[fn]}
  |> group()`)
      ).map((row) => ({ ...row, stream: name })),
    ),
  )
  return rows.flat()
}

const FUNCTIONS = {
  min: flux`min()`,
  max: flux`max()`,
  sum: flux`sum()`,
  count: flux`count()`,
  mean: flux`mean()`,
} as const

function toBuckets(rows: readonly FluxRow[], { start, widthMs }: BucketQuery, fieldOf: (field: string) => string): readonly BucketRow[] {
  const found = new Map<string, Map<string, number>>()
  for (const row of rows) {
    const key = `${fieldOf(row['_field'] ?? '')} ${Math.floor((Date.parse(row['_start'] ?? '') - start) / widthMs)}`
    const sums = found.get(key) ?? new Map<string, number>()
    found.set(key, sums.set(row['stream'] ?? '', Number(row['_value'])))
  }
  return [...found].map(([key, sums]) => {
    const [field = '', bucket] = key.split(' ')
    const of = (name: string) => sums.get(name) ?? 0
    return { field, bucket: Number(bucket), min: of('min'), max: of('max'), sum: of('sum'), count: of('count') }
  })
}

async function downsample(
  client: Influx2Client,
  kind: string,
  { stretch, from, into }: { readonly stretch: Stretch; readonly from: string; readonly into: string },
): Promise<void> {
  const fields = countableFields(kind)
  const every = fluxDuration(`${MINUTE_MS}ms`)
  const points: InfluxPoint[] = []
  for (const statistic of STATISTICS) {
    const rows = await client.query(flux`from(bucket: ${from})
  |> range(start: ${instant(stretch.from)}, stop: ${instant(stretch.to)})
  |> filter(fn: (r) => r._measurement == ${kind})
  |> filter(fn: (r) => contains(value: r._field, set: ${fields}))
  |> toFloat()
  |> window(every: ${every})
  |> ${FUNCTIONS[statistic]}
  |> group()`)
    for (const row of rows)
      points.push({
        measurement: `${kind}_1m`,
        tags: { estate: row['estate'] ?? '', device: row['device'] ?? '' },
        fields: { [`${row['_field']}_${statistic}`]: Number(row['_value']) },
        micros: `${Date.parse(row['_start'] ?? '')}000`,
      })
  }
  for (let i = 0; i < points.length; i += WRITE_AT_ONCE) await client.write(into, points.slice(i, i + WRITE_AT_ONCE).map(toLine))
}

async function readLatest(
  client: Influx2Client,
  bucket: string,
  { estate, kind }: { readonly estate: string; readonly kind: string },
): Promise<readonly LatestRow[]> {
  const rows = await client.query(flux`from(bucket: ${bucket})
  |> range(start: ${instant(Date.now() - LATEST_WITHIN_MS)}, stop: ${instant(Date.now() + DAY_MS)})
  |> filter(fn: (r) => r._measurement == ${kind} and r.estate == ${estate})
  |> last()`)
  const types = fieldTypesOf(kind)
  const devices = new Map<string, { ts: EpochMs; values: Record<string, FieldValue> }>()
  for (const row of rows) {
    const [device = '', field = '', value = ''] = [row['device'], row['_field'], row['_value']]
    const newest = devices.get(device) ?? { ts: 0, values: {} }
    newest.ts = Math.max(newest.ts, Date.parse(row['_time'] ?? ''))
    newest.values[field] = types[field] === 'float' ? Number(value) : types[field] === 'boolean' ? value === 'true' : value
    devices.set(device, newest)
  }
  return [...devices].map(([device, newest]) => ({ kind, device, ...newest }))
}
