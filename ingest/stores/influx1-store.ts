/** Keeps points in InfluxDB 1.x: raw data in the database's default policy, minutes and events in the policy `minutes`. */
import type { EpochMs } from '../../domain/clock.ts'
import type { FieldValue } from '../../domain/device-kind.ts'
import type { LatestRow, TelemetryStore } from '../../domain/telemetry.ts'
import { makeInflux1Client, type Influx1Client, type Influx1Settings, type Series } from './influx1-client.ts'
import { fieldTypesOf, type BucketQuery, type BucketRow, type InfluxServer, type Kept } from './influx-server.ts'
import { makeInflux1Downsampler } from './influx1-minutes.ts'
import { ensurePolicies } from './influx1-policies.ts'
import { makeInfluxStore } from './influx-store.ts'

export interface Influx1Options extends Influx1Settings {
  readonly rawDays: number
  readonly minuteDays: number
}

export function openInflux1Store(options: Influx1Options): TelemetryStore {
  return makeInfluxStore(makeInflux1Server(options))
}

/** Newest values are looked for so far back: a bay reports each 6 h. */
const LATEST_WITHIN = '7d'
/** Nothing waits for the minutes; a busy server may take its time. */
const DOWNSAMPLE_TIMEOUT_MS = 60_000

export function makeInflux1Server(options: Influx1Options): InfluxServer {
  const client = makeInflux1Client(options)
  const patient = makeInflux1Client({ ...options, timeoutMs: DOWNSAMPLE_TIMEOUT_MS })
  const from = (kept: Kept, measurement: string) => `${kept === 'raw' ? '' : '"minutes".'}"${measurement}"`
  const first = async (statement: string): Promise<readonly Series[]> => (await client.query([statement]))[0] ?? []

  return {
    name: 'influx1',
    ensure: async () => ensurePolicies(client, options),
    write: async (kept, lines) => client.write(lines, kept === 'raw' ? undefined : 'minutes'),
    readOwn: async (measurement, field, kept) => {
      const series = await first(`SELECT "${field}" FROM ${from(kept, measurement)} ORDER BY time DESC LIMIT 2`)
      return series.flatMap(({ values }) => values.map(([, value]) => Number(value)))
    },
    readMarks: async (measurement, field) => {
      const series = await first(`SELECT "${field}" FROM "${measurement}" WHERE "${field}" > 0 GROUP BY "kind"`)
      return series.flatMap(({ tags, values }) => values.map(([time]) => ({ kind: tags?.['kind'] ?? '', ts: Number(time) })))
    },
    rawBuckets: async (query, fields) => rawBuckets(client, query, fields),
    minuteBuckets: async (query, fields) => {
      const sums = fields.flatMap((field, i) => [
        `min("${field}_min") AS min${i}`,
        `max("${field}_max") AS max${i}`,
        `sum("${field}_mean") AS sum${i}`,
        `count("${field}_mean") AS count${i}`,
      ])
      return toRows(
        await first(`SELECT ${sums.join(', ')} FROM ${from('minutes', `${query.kind}_1m`)} ${where(query)} ${groupBy(query)}`),
        {
          query,
          fields,
        },
      )
    },
    downsample: makeInflux1Downsampler(patient),
    latest: async (estate, kind) => readLatest(client, estate, kind),
    opened: () => client.opened(),
    close: async () => {
      client.close()
      patient.close()
    },
  }
}

async function rawBuckets(client: Influx1Client, query: BucketQuery, fields: readonly string[]): Promise<readonly BucketRow[]> {
  const types = fieldTypesOf(query.kind)
  const numbers = fields.filter((field) => types[field] === 'float')
  const booleans = fields.filter((field) => types[field] === 'boolean')
  const sums = numbers.flatMap((field, i) => [
    `min("${field}") AS min${i}`,
    `max("${field}") AS max${i}`,
    `sum("${field}") AS sum${i}`,
    `count("${field}") AS count${i}`,
  ])
  // InfluxQL has no mean of booleans: their count and the count of the true ones give it.
  const counts = booleans.flatMap((field) => [
    `SELECT count("${field}") FROM "${query.kind}" ${where(query)} ${groupBy(query)}`,
    `SELECT count("${field}") FROM "${query.kind}" ${where(query)} AND "${field}" = true ${groupBy(query)}`,
  ])
  const statements = [
    ...(numbers.length > 0 ? [`SELECT ${sums.join(', ')} FROM "${query.kind}" ${where(query)} ${groupBy(query)}`] : []),
    ...counts,
  ]
  const answers = await client.query(statements)
  const rest = numbers.length > 0 ? answers.slice(1) : answers
  return [
    ...(numbers.length > 0 ? toRows(answers[0] ?? [], { query, fields: numbers }) : []),
    ...booleans.flatMap((field, i) => {
      const trues = new Map((rest[2 * i + 1] ?? []).flatMap(({ values }) => values.map(([time, n]) => [Number(time), Number(n)] as const)))
      return (rest[2 * i] ?? []).flatMap(({ values }) =>
        values.flatMap(([time, n]) => {
          const [count, sum] = [Number(n), trues.get(Number(time)) ?? 0]
          return count === 0
            ? []
            : [{ field, bucket: bucketOf(Number(time), query), min: Number(sum === count), max: Number(sum > 0), sum, count }]
        }),
      )
    }),
  ]
}

function toRows(
  series: readonly Series[],
  { query, fields }: { readonly query: BucketQuery; readonly fields: readonly string[] },
): readonly BucketRow[] {
  return series.flatMap(({ values }) =>
    values.flatMap(([time, ...cells]) =>
      fields.flatMap((field, i) => {
        const [min, max, sum, count] = cells.slice(4 * i, 4 * i + 4)
        return min === null || min === undefined
          ? []
          : [{ field, bucket: bucketOf(Number(time), query), min: Number(min), max: Number(max), sum: Number(sum), count: Number(count) }]
      }),
    ),
  )
}

function bucketOf(ts: EpochMs, { start, widthMs }: BucketQuery): number {
  return Math.floor((ts - start) / widthMs)
}

function where({ estate, device, from, to }: BucketQuery): string {
  return `WHERE "estate" = ${quote(estate)} AND "device" = ${quote(device)} AND time >= ${from}ms AND time <= ${to}ms`
}

function groupBy({ start, widthMs }: BucketQuery): string {
  return `GROUP BY time(${widthMs}ms, ${((start % widthMs) + widthMs) % widthMs}ms) fill(none)`
}

/** @see InfluxQL: a string literal stands in single quotes */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

async function readLatest(client: Influx1Client, estate: string, kind: string): Promise<readonly LatestRow[]> {
  const fields = Object.keys(fieldTypesOf(kind))
  const scope = `FROM "${kind}" WHERE "estate" = ${quote(estate)} AND time > now() - ${LATEST_WITHIN}`
  const [values = [], times = []] = await client.query([
    `SELECT ${fields.map((field) => `last("${field}") AS "${field}"`).join(', ')} ${scope} GROUP BY "device"`,
    `SELECT ${fields.map((field) => `"${field}"`).join(', ')} ${scope} GROUP BY "device" ORDER BY time DESC LIMIT 1`,
  ])
  const newest = new Map(times.map((series) => [series.tags?.['device'], Number(series.values[0]?.[0])]))
  return values.map(({ tags, columns, values: [row = []] }) => ({
    kind,
    device: tags?.['device'] ?? '',
    ts: newest.get(tags?.['device']) ?? 0,
    values: Object.fromEntries(
      columns.flatMap((name, i) => (name === 'time' || row[i] === null ? [] : [[name, row[i] as FieldValue] as const])),
    ),
  }))
}
