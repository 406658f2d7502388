/** Speaks HTTP with InfluxDB 1.x through the `influx` package: line protocol in, rows out, every trouble as one of two errors. */
import { FieldType, InfluxDB } from 'influx'
import { AppError } from '../../domain/errors.ts'
import { makeCountingAgent } from './counting-agent.ts'
import { fieldTypesOf, OWN, PointsRefused, type InfluxPoint } from './influx-server.ts'
import { MEASUREMENTS } from './schema.ts'

export interface Influx1Settings {
  readonly url: string
  readonly database: string
  readonly username?: string
  readonly password?: string
  readonly timeoutMs?: number
}

export type Cell = string | number | boolean | null
export interface Series {
  readonly name: string
  readonly columns: readonly string[]
  readonly values: readonly (readonly Cell[])[]
  readonly tags?: Readonly<Record<string, string>>
}

/** An empty series comes without values. */
type AnsweredSeries = Omit<Series, 'values'> & Partial<Pick<Series, 'values'>>

export interface Influx1Client {
  /** @throws PointsRefused, AppError `store-down` */
  write(points: readonly InfluxPoint[], policy?: string): Promise<void>
  /** One list of series for each statement; times in ms. @throws AppError `store-down` */
  query(statements: readonly string[]): Promise<readonly (readonly Series[])[]>
  opened(): number
  close(): void
}

const TIMEOUT_MS = 15_000
const TYPES = { float: FieldType.FLOAT, boolean: FieldType.BOOLEAN, string: FieldType.STRING } as const

export function makeInflux1Client(settings: Influx1Settings): Influx1Client {
  const { hostname, port, protocol, pathname } = new URL(settings.url)
  const timeoutMs = settings.timeoutMs ?? TIMEOUT_MS
  const { agent, opened } = makeCountingAgent(settings.url)
  const client = new InfluxDB({
    host: hostname,
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
    protocol: protocol === 'https:' ? 'https' : 'http',
    path: pathname === '/' ? '' : pathname,
    database: settings.database,
    ...(settings.username !== undefined && { username: settings.username, password: settings.password ?? '' }),
    options: { agent },
    // The pump tries again itself, so that it can ask the server first what it still has.
    pool: { maxRetries: 0, requestTimeout: timeoutMs, backoff: NO_BACKOFF },
    schema: toSchema(settings.database),
  })

  /** The package never answers when a connection breaks inside a response. */
  const inTime = async <T>(work: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs + 1000)
    })
    try {
      return await Promise.race([work, late])
    } catch (error) {
      throw toOurs(error)
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    write: async (points, policy) =>
      inTime(
        client.writePoints(
          points.map(({ measurement, tags, fields, micros }) => ({ measurement, tags: { ...tags }, fields, timestamp: micros })),
          { precision: 'u', ...(policy !== undefined && { retentionPolicy: policy }) },
        ),
      ),
    query: async (statements) => {
      const answer = (await inTime(client.queryRaw(statements.join(';'), { precision: 'ms', method: 'POST' }) as Promise<unknown>)) as {
        readonly results: readonly { readonly series?: readonly AnsweredSeries[]; readonly error?: string }[]
      }
      const failed = answer.results.find(({ error }) => error !== undefined)
      if (failed) throw new AppError('store-down', `InfluxDB: ${failed.error}`)
      return answer.results.map(({ series = [] }) => series.map((one) => ({ ...one, values: one.values ?? [] })))
    },
    opened,
    close: () => agent.destroy(),
  }
}

const NO_BACKOFF = { getDelay: () => 0, next: () => NO_BACKOFF, reset: () => NO_BACKOFF }

/** Said explicitly: whole numbers never become integer fields, which InfluxDB would then insist on. */
function toSchema(database: string) {
  const measurements = [...Object.values(OWN).map(({ measurement }) => measurement), ...MEASUREMENTS.keys()]
  return measurements.map((measurement) => ({
    database,
    measurement,
    fields: Object.fromEntries(Object.entries(fieldTypesOf(measurement)).map(([field, type]) => [field, TYPES[type]])),
    tags: ['estate', 'device', 'kind'],
  }))
}

function toOurs(error: unknown): Error {
  const status = (error as { readonly res?: { readonly statusCode?: number } }).res?.statusCode
  const message = error instanceof Error ? error.message : String(error)
  if (status === 400 || status === 413) return new PointsRefused(readReason(message))
  return new AppError('store-down', `InfluxDB cannot be used: ${message || 'no answer'}`, { cause: error })
}

function readReason(message: string): string {
  return /"error":"((?:[^"\\]|\\.)*)"/.exec(message)?.[1]?.replaceAll('\\"', '"') ?? message
}
