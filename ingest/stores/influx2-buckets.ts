/** Makes the two buckets in InfluxDB 2.x where they are missing; leaves those that are there as they are. */
import { DAY_MS, SECOND_MS } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import type { Influx2Client } from './influx2-client.ts'

export interface Influx2Retention {
  readonly org: string
  readonly bucket: string
  /** 0 = for ever. */
  readonly rawDays: number
  readonly minuteDays: number
}

interface Named {
  readonly id: string
  readonly name: string
}

/** A token that may not see buckets is no fault here: the first write will say what is missing. @throws AppError `store-down` */
export async function ensureBuckets(client: Influx2Client, { org, bucket, rawDays, minuteDays }: Influx2Retention): Promise<void> {
  const wanted = [
    { name: bucket, days: rawDays },
    { name: `${bucket}_minutes`, days: minuteDays },
  ]
  for (const { name, days } of wanted) {
    const path = `/api/v2/buckets?org=${encodeURIComponent(org)}&name=${encodeURIComponent(name)}`
    const found = (await unlessForbidden(client.request(path, { method: 'GET' }))) as { readonly buckets?: readonly Named[] } | undefined
    if (!found || found.buckets?.some((one) => one.name === name)) continue
    const orgs = (await client.request(`/api/v2/orgs?org=${encodeURIComponent(org)}`, { method: 'GET' })) as {
      readonly orgs?: readonly Named[]
    }
    const orgID = orgs.orgs?.find((one) => one.name === org)?.id
    if (orgID === undefined) throw new AppError('store-down', `InfluxDB has no organisation ${org}.`)
    const retentionRules = days > 0 ? [{ type: 'expire', everySeconds: (days * DAY_MS) / SECOND_MS }] : []
    await client.request('/api/v2/buckets', { method: 'POST', body: { orgID, name, retentionRules } })
  }
}

async function unlessForbidden(request: Promise<unknown>): Promise<unknown> {
  try {
    return await request
  } catch (error) {
    const status = (error as { readonly cause?: { readonly statusCode?: number } }).cause?.statusCode
    if (status === 401 || status === 403 || status === 404) return undefined
    throw error
  }
}
