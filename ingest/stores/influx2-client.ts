/** Speaks with InfluxDB 2.x through its own client: line protocol in, annotated CSV out, every trouble as one of two errors. */
import { flux, fluxDateTime, fluxDuration, HttpError, InfluxDB, setLogger, type ParameterizedQuery } from '@influxdata/influxdb-client'
import type { EpochMs } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import { makeCountingAgent } from './counting-agent.ts'
import { PointsRefused } from './influx-server.ts'

export interface Influx2Settings {
  readonly url: string
  readonly token: string
  readonly org: string
  readonly bucket: string
  readonly timeoutMs?: number
  /** Where to write, if not to `/api/v2/write`: InfluxDB 1.x takes the same line protocol at `/write?db=…&rp=…&precision=us`. */
  readonly writePath?: (bucket: string) => string
}

export type FluxRow = Readonly<Record<string, string>>

export interface Influx2Client {
  /** @throws PointsRefused, AppError `store-down` */
  write(bucket: string, lines: readonly string[]): Promise<void>
  /** The rows of all tables, each value as it stands in the CSV. @throws AppError `store-down` */
  query(query: ParameterizedQuery): Promise<readonly FluxRow[]>
  /** Calls the HTTP API itself, for buckets. @throws AppError `store-down` */
  request(path: string, options: { readonly method: 'GET' | 'POST' | 'PATCH'; readonly body?: unknown }): Promise<unknown>
  opened(): number
  close(): void
}

const TIMEOUT_MS = 15_000

// The client would print every failure; ours are thrown, counted and logged once.
setLogger({ error: () => undefined, warn: () => undefined })

export function makeInflux2Client(settings: Influx2Settings): Influx2Client {
  const { agent, opened } = makeCountingAgent(settings.url)
  const influx = new InfluxDB({
    url: settings.url,
    token: settings.token,
    timeout: settings.timeoutMs ?? TIMEOUT_MS,
    transportOptions: { agent },
  })
  const queries = influx.getQueryApi(settings.org)
  return {
    write: async (bucket, lines) => {
      // The pump tries again itself, so that it can ask the server first what it still has: no retries, no buffer here.
      const api = influx.getWriteApi(settings.org, bucket, 'us', {
        maxRetries: 0,
        batchSize: 2,
        flushInterval: 0,
        maxBufferLines: 2,
      })
      if (settings.writePath) api.path = settings.writePath(bucket)
      api.writeRecord(lines.join('\n')) // one record for the client, as many lines for the server
      await api.close().catch((error: unknown) => passOn(error, { refusable: true }))
    },
    query: async (query) => {
      const rows: FluxRow[] = []
      await new Promise<void>((resolve, reject) =>
        queries.queryRows(query, {
          next: (values, meta) => void rows.push(Object.fromEntries(meta.columns.map(({ label, index }) => [label, values[index] ?? '']))),
          error: reject,
          complete: resolve,
        }),
      ).catch((error: unknown) => passOn(error))
      return rows
    },
    request: async (path, { method, body }) =>
      (await influx.transport
        .request(path, body ?? '', {
          method,
          headers: { 'content-type': 'application/json', accept: 'application/json' },
        })
        .catch((error: unknown) => passOn(error))) as unknown,
    opened,
    close: () => agent.destroy(),
  }
}

export function instant(ts: EpochMs) {
  return fluxDateTime(new Date(ts).toISOString())
}

export { flux, fluxDuration }

function passOn(error: unknown, { refusable = false } = {}): never {
  if (refusable && error instanceof HttpError && (error.statusCode === 400 || error.statusCode === 413 || error.statusCode === 422))
    throw new PointsRefused(readReason(error))
  throw new AppError('store-down', `InfluxDB cannot be used: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
}

/** 2.x says `message`, 1.x says `error`. */
function readReason({ json, message }: HttpError): string {
  const said = json as { readonly message?: string; readonly error?: string } | undefined
  return said?.message ?? said?.error ?? message
}
