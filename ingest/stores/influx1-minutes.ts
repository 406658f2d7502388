/** Makes one-minute rows in InfluxDB 1.x: reads the raw points of whole minutes once, some at a time, and sums them here. */
import { HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../../domain/clock.ts'
import type { Influx1Client } from './influx1-client.ts'
import type { InfluxPoint, Stretch } from './influx-server.ts'
import { toLine } from './line-protocol.ts'
import { countableFields } from './schema.ts'

const WRITE_AT_ONCE = 5000

interface Sums {
  min: number
  max: number
  sum: number
  count: number
}

/** An answer of this many rows is about 8 MiB; the next one asks for a shorter time. */
const MANY_ROWS = 50_000
const SHORTEST_MS = SECOND_MS

/**
 * With `GROUP BY time(1m), estate, device` InfluxDB 1.6 took over 40 s for one minute of 15,000 devices, reading their points 3 s (2 cores, 2026-11);
 * and InfluxQL has no mean of booleans.
 */
export function makeInflux1Downsampler(client: Influx1Client): (kind: string, stretch: Stretch) => Promise<void> {
  let sliceMs = MINUTE_MS
  return async (kind, { from, to }) => {
    const fields = countableFields(kind)
    const names = ['estate', 'device', ...fields].map((name) => `"${name}"`)
    const minutes = new Map<string, Map<string, Sums>>()
    for (let at = from; at < to;) {
      const end = Math.min(to, at + sliceMs)
      const [answer = []] = await client.query([`SELECT ${names.join(', ')} FROM "${kind}" WHERE time >= ${at}ms AND time < ${end}ms`])
      let rows = 0
      for (const { values } of answer) {
        rows += values.length
        for (const [time, estate, device, ...cells] of values) {
          const key = `${estate} ${device} ${Math.floor(Number(time) / MINUTE_MS) * MINUTE_MS}`
          const sums = minutes.get(key) ?? new Map<string, Sums>()
          minutes.set(key, sums)
          for (const [i, cell] of cells.entries()) if (cell !== null) add(sums, fields[i]!, Number(cell))
        }
      }
      at = end
      if (rows > MANY_ROWS) sliceMs = Math.max(SHORTEST_MS, Math.floor(sliceMs / Math.ceil(rows / MANY_ROWS)))
      else if (rows < MANY_ROWS / 4) sliceMs = Math.min(HOUR_MS, sliceMs * 2)
    }
    const points = [...minutes].map(([key, sums]) => {
      const [estate = '', device = '', minute] = key.split(' ') // no id has a space
      return toPoint(kind, sums, { estate, device, minute: Number(minute) })
    })
    for (let i = 0; i < points.length; i += WRITE_AT_ONCE) await client.write(points.slice(i, i + WRITE_AT_ONCE).map(toLine), 'minutes')
  }
}

function add(sums: Map<string, Sums>, field: string, value: number): void {
  const known = sums.get(field)
  if (known) {
    known.min = Math.min(known.min, value)
    known.max = Math.max(known.max, value)
    known.sum += value
    known.count++
  } else sums.set(field, { min: value, max: value, sum: value, count: 1 })
}

function toPoint(
  kind: string,
  sums: ReadonlyMap<string, Sums>,
  { estate, device, minute }: { readonly estate: string; readonly device: string; readonly minute: EpochMs },
): InfluxPoint {
  const fields = [...sums].flatMap(([field, { min, max, sum, count }]) => [
    [`${field}_min`, min] as const,
    [`${field}_mean`, sum / count] as const,
    [`${field}_max`, max] as const,
  ])
  return { measurement: `${kind}_1m`, tags: { estate, device }, fields: Object.fromEntries(fields), micros: `${minute}000` }
}
