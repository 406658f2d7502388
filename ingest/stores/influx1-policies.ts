/** Makes the database and its two retention policies in InfluxDB 1.x where they are missing or keep data for another time. */
import type { Influx1Client, Series } from './influx1-client.ts'

export interface Influx1Retention {
  readonly database: string
  /** 0 = for ever. */
  readonly rawDays: number
  readonly minuteDays: number
}

/** The default policy holds the raw data. @throws AppError `store-down` */
export async function ensurePolicies(client: Influx1Client, { database, rawDays, minuteDays }: Influx1Retention): Promise<void> {
  const name = `"${database.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  const [databases = []] = await client.query(['SHOW DATABASES'])
  if (!databases.some(({ values }) => values.some(([known]) => known === database))) await client.query([`CREATE DATABASE ${name}`])
  const [found = []] = await client.query([`SHOW RETENTION POLICIES ON ${name}`])
  const policies = readPolicies(found)
  const raw = policies.find(({ isDefault }) => isDefault)?.name ?? 'autogen'
  const wanted = [
    { policy: raw, hours: rawDays * 24, makeDefault: ' DEFAULT' },
    { policy: 'minutes', hours: minuteDays * 24, makeDefault: '' },
  ]
  for (const { policy, hours, makeDefault } of wanted) {
    const known = policies.find((one) => one.name === policy)
    if (known?.hours === hours) continue
    const duration = hours === 0 ? 'INF' : `${hours}h`
    const rest = `RETENTION POLICY "${policy}" ON ${name} DURATION ${duration}`
    await client.query([known ? `ALTER ${rest}${makeDefault}` : `CREATE ${rest} REPLICATION 1${makeDefault}`])
  }
}

/** Durations come as `720h0m0s`; `0s` is for ever. */
function readPolicies(
  series: readonly Series[],
): readonly { readonly name: string; readonly hours: number; readonly isDefault: boolean }[] {
  return series.flatMap(({ columns, values }) => {
    const at = (column: string) => columns.indexOf(column)
    return values.map((row) => ({
      name: String(row[at('name')]),
      hours: Number(/^(\d+)h/.exec(String(row[at('duration')]))?.[1] ?? 0),
      isDefault: row[at('default')] === true,
    }))
  })
}
