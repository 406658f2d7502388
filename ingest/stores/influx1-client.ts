/** Speaks with InfluxDB 1.x: asks through the `influx` package, writes lines over the same connections; every trouble is one of two errors. */
import { InfluxDB } from 'influx'
import { AppError } from '../../domain/errors.ts'
import { makeCountingAgent } from './counting-agent.ts'
import { post, type PostTo } from './http-post.ts'
import { PointsRefused } from './influx-server.ts'

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
  write(lines: readonly string[], policy?: string): Promise<void>
  /** One list of series for each statement; times in ms. @throws AppError `store-down` */
  query(statements: readonly string[]): Promise<readonly (readonly Series[])[]>
  opened(): number
  close(): void
}

const TIMEOUT_MS = 15_000

export function makeInflux1Client(settings: Influx1Settings): Influx1Client {
  const { hostname, port, protocol, pathname } = new URL(settings.url)
  const timeoutMs = settings.timeoutMs ?? TIMEOUT_MS
  const { agent, opened } = makeCountingAgent(settings.url)
  const writeTo: PostTo = {
    url: settings.url,
    path: `/write?db=${encodeURIComponent(settings.database)}&precision=u`,
    agent,
    timeoutMs,
    ...(settings.username !== undefined && { auth: `${settings.username}:${settings.password ?? ''}` }),
  }
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
    write: async (lines, policy) => {
      const path = policy === undefined ? writeTo.path : `${writeTo.path}&rp=${encodeURIComponent(policy)}`
      const { status, text } = await post({ ...writeTo, path }, lines.join('\n')).catch((error: unknown) => {
        throw toOurs(error)
      })
      if (status === 400 || status === 413) throw new PointsRefused(readReason(text))
      if (status !== 204) throw new AppError('store-down', `InfluxDB cannot be used: it answers ${status} ${readReason(text)}`)
    },
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

function toOurs(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  return new AppError('store-down', `InfluxDB cannot be used: ${message || 'no answer'}`, { cause: error })
}

function readReason(message: string): string {
  return /"error":"((?:[^"\\]|\\.)*)"/.exec(message)?.[1]?.replaceAll('\\"', '"') ?? message
}
