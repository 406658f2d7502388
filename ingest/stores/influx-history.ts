/** Answers a stretch of history from InfluxDB: one-minute rows for long stretches, raw data for short ones and for minutes not made yet. */
import { MINUTE_MS } from '../../domain/clock.ts'
import type { History, HistoryQuery } from '../../domain/telemetry.ts'
import { makeBuckets, planHistory } from './history-plan.ts'
import { OWN, type BucketRow, type InfluxServer } from './influx-server.ts'
import { countableFields } from './schema.ts'

export async function readInfluxHistory(server: InfluxServer, query: HistoryQuery): Promise<History> {
  const { estate, kind, device, from, to } = query
  const known = countableFields(kind)
  const fields = query.fields.filter((field) => known.includes(field))
  const plan = planHistory(query)
  const buckets = makeBuckets(plan, query)
  const add = (rows: readonly BucketRow[]) => {
    for (const { field, bucket, ...sums } of rows) buckets.add(field, bucket, sums)
  }
  if (fields.length === 0) return buckets.toHistory()
  const bucketQuery = { estate, kind, device, from, to, start: plan.start, widthMs: plan.widthMs }
  if (plan.source === 'raw') {
    const rows = await server.rawBuckets(bucketQuery, fields)
    if (rows.length > 0) {
      add(rows)
      return buckets.toHistory()
    }
    // Past the raw retention there are still minutes.
  }
  const [made, tails] = await Promise.all([
    server.minuteBuckets({ ...bucketQuery, from: Math.floor(from / MINUTE_MS) * MINUTE_MS }, fields),
    findTails(server, query),
  ])
  add(made)
  for (const tail of tails)
    add((await server.rawBuckets({ ...bucketQuery, ...tail }, fields)).map((row) => ({ ...row, sum: row.sum / row.count, count: 1 })))
  return buckets.toHistory()
}

/** Stretches of the query whose minutes are not made yet, or are to be made again. */
async function findTails(server: InfluxServer, { kind, from, to }: HistoryQuery): Promise<readonly { from: number; to: number }[]> {
  const [uptos, marks] = await Promise.all([
    server.readOwn(OWN.minutes.measurement, OWN.minutes.field, OWN.minutes.kept),
    server.readMarks(OWN.late.measurement, OWN.late.field),
  ])
  const upto = uptos[0] ?? from
  const late = marks
    .filter((mark) => mark.kind === kind && mark.ts < upto && mark.ts + MINUTE_MS > from && mark.ts <= to)
    .map(({ ts }) => ts)
  const stretches =
    late.length === 0 ? [] : [{ from: Math.max(from, Math.min(...late)), to: Math.min(to, Math.max(...late) + MINUTE_MS - 1) }]
  return upto > to ? stretches : [...stretches, { from: Math.max(from, upto), to }]
}
