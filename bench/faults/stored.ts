/** Holds the telemetry store against the ledger: every acknowledged message must be there exactly once, and nothing that was never sent. */
import { join } from 'node:path'
import { openDatabase, type Database } from '../../storage/sqlite.ts'
import type { InfluxServerUnderTest } from '../../test/support/influx.ts'
import { NUMBER_FIELD, numberFor, type Ledger, type LoadDevice } from './ledger.ts'

/** `number` of cameras and lifts; undefined where a row has none. */
export interface StoredRow {
  readonly ts: number
  readonly number: number | undefined
}

/** Rows of one device, readings or events. */
export interface ReadRows {
  (device: LoadDevice, channel: 'telemetry' | 'event'): Promise<readonly StoredRow[]>
  close?(): void
}

export interface StoreCount {
  readonly acknowledged: number
  readonly stored: number
  readonly missing: number
  readonly doubled: number
  /** The first few, for whoever must find out why. */
  readonly examples: readonly string[]
}

const MOST_EXAMPLES = 10

export async function compareStore(ledger: Ledger, readRows: ReadRows): Promise<StoreCount> {
  const byDevice = ledger.devices.map(() => ({ telemetry: new Map<number, number>(), event: new Map<number, number>() }))
  for (let n = 0; n < ledger.device.length; n++)
    byDevice[ledger.device[n]!]![ledger.event[n] === 1 ? 'event' : 'telemetry'].set(ledger.ts[n]!, n)
  let [stored, missing, doubled] = [0, 0, 0]
  const examples: string[] = []
  const note = (text: string) => {
    if (examples.length < MOST_EXAMPLES) examples.push(text)
  }
  for (const [i, device] of ledger.devices.entries())
    for (const channel of ['telemetry', 'event'] as const) {
      const sent = byDevice[i]![channel]
      if (sent.size === 0) continue
      const name = `${device.estate}/${device.kind}/${device.id}/${channel}`
      const found = new Set<number>()
      for (const { ts, number } of await readRows(device, channel)) {
        const n = sent.get(ts)
        const isRight = n !== undefined && (number === undefined || number === numberFor(device.kind, n))
        if (!isRight || found.has(n)) {
          doubled++
          note(
            `${name} at ${ts}: ${n === undefined ? 'never sent' : isRight ? 'there twice' : `bears ${number}, not that of message ${n}`}`,
          )
          continue
        }
        found.add(n)
        if (ledger.acknowledged[n] === 1) stored++
      }
      for (const [ts, n] of sent) {
        if (ledger.acknowledged[n] !== 1 || found.has(n)) continue
        missing++
        note(`${name} at ${ts}: message ${n} is not stored`)
      }
    }
  return { acknowledged: ledger.acknowledged.filter((one) => one === 1).length, stored, missing, doubled, examples }
}

export function readSqlite(dataDir: string): ReadRows {
  const database = openDatabase(join(dataDir, 'telemetry.db'), { readonly: true })
  const tables = database
    .prepare(`select name from sqlite_master where type = 'table' and name like '%\\_\\_%' escape '\\'`)
    .all()
    .map(({ name }) => String(name))
  const read = async ({ estate, kind, id }: LoadDevice, channel: 'telemetry' | 'event'): Promise<readonly StoredRow[]> => {
    const base = `${kind}${channel === 'event' ? '_event' : ''}`.replaceAll('-', '_')
    const field = channel === 'event' ? undefined : NUMBER_FIELD[kind]
    const series = seriesOf(database, [estate, kind, id])
    if (series === undefined) return []
    return tables
      .filter((name) => name.slice(0, name.lastIndexOf('__')) === base)
      .flatMap((table) =>
        database
          .prepare(`select ts, ${field ?? 'null'} as number from "${table}" where series = ?`)
          .all(series)
          .map((row) => ({ ts: Number(row['ts']), number: row['number'] === null ? undefined : Number(row['number']) })),
      )
  }
  return Object.assign(read, { close: () => database.close() })
}

function seriesOf(database: Database, key: readonly [string, string, string]): number | undefined {
  const row = database.prepare('select id from series where estate = ? and kind = ? and device = ?').get(...key)
  return row === undefined ? undefined : Number(row['id'])
}

export function readInflux(influx: InfluxServerUnderTest, database: string): ReadRows {
  return async ({ estate, kind, id }, channel) => {
    const field = channel === 'event' ? 'code' : (NUMBER_FIELD[kind] ?? 'state')
    const from = channel === 'event' ? `"minutes"."${kind}_event"` : `"${kind}"`
    const { results } = await influx.query(`SELECT "${field}" FROM ${from} WHERE "estate" = '${estate}' AND "device" = '${id}'`, database)
    const [result] = results
    if (!result || result.error !== undefined) throw new Error(`influxd answered: ${result?.error ?? 'nothing'}`)
    return (result.series?.[0]?.values ?? []).map(([ts, value]) => ({
      ts: Number(ts),
      number: typeof value === 'number' ? value : undefined,
    }))
  }
}
