/** From an MQTT client's publish to a stored reading: broker, journal, ingest into InfluxDB 1.x, with the alarm engine judging every reading beside it. */
import { startJournalReader } from '../broker/journal/reader.ts'
import { startInflux, type InfluxServerUnderTest } from '../test/support/influx.ts'
import { until } from '../test/support/until.ts'
import { ESTATE, makeGround, type Ground } from './ground.ts'
import { bulkRate } from './influx-bulk.ts'
import { median, readScale, type Bench } from './report.ts'

const DATABASE = 'estatewatch'
const BATCHED = { messages: 40_000, perMessage: 10 }
const SINGLE = { messages: 200_000, perMessage: 1 }
const BULK_POINTS = 200_000

interface Phase {
  readonly perSecond: number
  readonly acknowledgedPerSecond: number
  readonly missing: number
  readonly doubled: number
}

/** `--scale 0.1` runs a tenth of it: enough to see that nothing is lost, not for a rate. */
export const line: Bench = async (args) => {
  const scale = readScale(args)
  const size = <T extends { readonly messages: number }>(phase: T) => ({ ...phase, messages: Math.round(phase.messages * scale) })
  const [batches, singles, bulkPoints] = [size(BATCHED), size(SINGLE), Math.round(BULK_POINTS * scale)]
  const influx = await startInflux()
  const ground = makeGround({ lifts: 2000, gateways: 40 })
  try {
    const bulk = [await bulkRate(influx.url, { database: 'bulk', points: bulkPoints })]
    await ground.start('broker')
    await ground.admit()
    await ground.start('ingest', { INFLUX_URL: influx.url, INFLUX_DB: DATABASE })
    await ground.start('alarms')
    const batched = await measure(ground, influx, { ...batches, first: 0 })
    bulk.push(await bulkRate(influx.url, { database: 'bulk', points: bulkPoints }))
    const single = await measure(ground, influx, { ...singles, first: batches.messages * batches.perMessage })
    bulk.push(await bulkRate(influx.url, { database: 'bulk', points: bulkPoints }))
    const bulkPerS = median(bulk)
    const missing = batched.missing + single.missing
    const doubled = batched.doubled + single.doubled
    return {
      table: [
        { what: 'ready lines in batches of 5,000 (median of 3)', readings_per_s: Math.round(bulkPerS), acknowledged_per_s: '' },
        toRow('gateways’ arrays of ten', batched),
        toRow('one reading a message', single),
      ],
      figures: {
        batched_readings_per_s: batched.perSecond,
        single_readings_per_s: single.perSecond,
        missing,
        doubled,
        bulk_points_per_s: bulkPerS,
        batched_of_bulk: batched.perSecond / bulkPerS,
      },
      limits: {
        batched_of_bulk: { figure: batched.perSecond / bulkPerS, atLeast: 0.25 },
        single_readings_per_s: { figure: single.perSecond, atLeast: 21_000 },
        missing: { figure: missing, atMost: 0 },
        doubled: { figure: doubled, atMost: 0 },
      },
      versions: { influxdb: await influxVersion(influx) },
    }
  } finally {
    await ground.close()
    await influx.close()
  }
}

function toRow(what: string, { perSecond, acknowledgedPerSecond }: Phase) {
  return { what, readings_per_s: Math.round(perSecond), acknowledged_per_s: Math.round(acknowledgedPerSecond) }
}

/** The clock runs from the first publish until InfluxDB holds the last reading. */
async function measure(
  ground: Ground,
  influx: InfluxServerUnderTest,
  { messages, perMessage, first }: { readonly messages: number; readonly perMessage: number; readonly first: number },
): Promise<Phase> {
  const readings = messages * perMessage
  const before = await countStored(influx)
  const report = await ground.publish({
    estate: ESTATE,
    lifts: ground.lifts,
    messages,
    perMessage,
    first,
    startsAt: Date.now() - Math.ceil(readings / ground.lifts.length) * 10,
  })
  if (!report) throw new Error('the publisher was ended')
  const { startedAt, endedAt, acknowledged } = report
  const journal = startJournalReader({ dataDir: ground.dataDir })
  const last = journal.head()
  await journal.close()
  const cursor = async () => Number(await askOne(influx, 'SELECT last(seq) FROM estatewatch_cursor'))
  await until(async () => (await cursor()) >= last, { timeoutMs: 120_000, what: 'the last reading is stored' })
  const storedAt = Date.now()
  const after = await countStored(influx)
  const distinct = after.distinct - before.distinct
  return {
    perSecond: readings / ((storedAt - startedAt) / 1000),
    acknowledgedPerSecond: (acknowledged * perMessage) / ((endedAt - startedAt) / 1000),
    missing: readings - distinct,
    doubled: after.count - before.count - distinct,
  }
}

/** Each reading bears a `run_count` of its own. */
async function countStored(influx: InfluxServerUnderTest): Promise<{ readonly count: number; readonly distinct: number }> {
  const count = Number(await askOne(influx, 'SELECT count(run_count) FROM elevator'))
  const distinct = Number(await askOne(influx, 'SELECT count(distinct(run_count)) FROM elevator'))
  return { count, distinct }
}

async function askOne(influx: InfluxServerUnderTest, query: string): Promise<unknown> {
  return (await influx.query(query, DATABASE)).results[0]?.series?.[0]?.values[0]?.[1] ?? 0
}

async function influxVersion({ url }: InfluxServerUnderTest): Promise<string> {
  return (await fetch(`${url}/ping`)).headers.get('x-influxdb-version') ?? 'unknown'
}
