/** Stands in for InfluxDB 2.x where none can be had: checks the protocol of each request strictly, keeps points in memory and runs the Flux it is sent. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { parseFlux } from './flux.ts'
import { runFlux, toCsv, type Cell, type Row } from './flux-run.ts'

export const STRICT = { token: 'strict-token', org: 'estates', bucket: 'telemetry' } as const

export interface StrictInflux2 {
  readonly url: string
  /** Buckets made, with their retention in seconds. */
  readonly retention: ReadonlyMap<string, number>
  /** What it refused, in words: empty as long as the client keeps to the protocol. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export async function startStrictInflux2(): Promise<StrictInflux2> {
  const buckets = new Map<string, Map<string, Row>>()
  const retention = new Map<string, number>()
  const complaints: string[] = []

  const answer = async (request: IncomingMessage): Promise<{ status: number; type: string; body: string }> => {
    const url = new URL(request.url ?? '/', 'http://x')
    const body = await readBody(request)
    if (request.headers.authorization !== `Token ${STRICT.token}`) throw new Refusal(401, 'unauthorized access')
    if (url.searchParams.get('org') !== STRICT.org && !(request.method === 'POST' && url.pathname === '/api/v2/buckets'))
      throw new Refusal(404, 'organization name not found')
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /api/v2/orgs':
        return json(200, { orgs: [{ id: '0a', name: STRICT.org }] })
      case 'GET /api/v2/buckets':
        return json(200, {
          buckets: [...buckets.keys()].filter((name) => name === url.searchParams.get('name')).map((name) => ({ id: name, name })),
        })
      case 'POST /api/v2/buckets': {
        const { orgID, name, retentionRules } = JSON.parse(body) as {
          orgID: string
          name: string
          retentionRules: { everySeconds: number }[]
        }
        if (orgID !== '0a') throw new Refusal(404, 'organization not found')
        buckets.set(name, new Map())
        retention.set(name, retentionRules[0]?.everySeconds ?? 0)
        return json(201, { id: name, name })
      }
      case 'POST /api/v2/write': {
        const bucket = buckets.get(url.searchParams.get('bucket') ?? '')
        if (!bucket) throw new Refusal(404, `bucket "${url.searchParams.get('bucket')}" not found`)
        if (url.searchParams.get('precision') !== 'us') throw new Refusal(400, 'this test writes microseconds')
        if (request.headers['content-type'] !== 'text/plain; charset=utf-8') throw new Refusal(415, 'line protocol is text/plain')
        writeLines(bucket, body)
        return { status: 204, type: 'text/plain', body: '' }
      }
      case 'POST /api/v2/query': {
        if (!/^application\/json/.test(request.headers['content-type'] ?? '')) throw new Refusal(415, 'a query is JSON')
        const { query, type, dialect } = JSON.parse(body) as { query: string; type: string; dialect: { annotations: string[] } }
        if (type !== 'flux' || dialect.annotations.join() !== 'datatype,group,default') throw new Refusal(400, 'unknown type or dialect')
        const csv = runOrRefuse(query, (name) => buckets.get(name))
        return { status: 200, type: 'text/csv; charset=utf-8', body: csv }
      }
      default:
        throw new Refusal(404, `path not found: ${request.method} ${url.pathname}`)
    }
  }
  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown) => {
        const status = error instanceof Refusal ? error.status : 500
        complaints.push(`${status} ${request.method} ${request.url}: ${String(error)}`)
        return json(status, { code: 'invalid', message: (error as Error).message })
      })
      .then(
        ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
        () => response.destroy(),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    retention,
    complaints,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function runOrRefuse(query: string, bucket: (name: string) => ReadonlyMap<string, Row> | undefined): string {
  try {
    return toCsv(runFlux(parseFlux(query), (name) => bucket(name) && [...bucket(name)!.values()]))
  } catch (error) {
    throw new Refusal(400, `error @1:1: ${(error as Error).message}`)
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'gzip') throw new Refusal(415, `unknown encoding ${encoding}`)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  return (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8')
}

function json(status: number, value: unknown): { status: number; type: string; body: string } {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}

const LINE = /^([\w-]+)((?:,\w+=[^ ,=]+)*) ((?:\w+=(?:-?[\d.]+(?:e[+-]?\d+)?|[TF]|"(?:[^"\\]|\\.)*"),?)+) (\d+)$/

/** A field keeps the type of its first point: another is refused, and the other lines are taken (422, as 2.x says). */
function writeLines(bucket: Map<string, Row>, body: string): void {
  const conflicts: string[] = []
  for (const line of body.split('\n')) {
    const match = LINE.exec(line)
    if (!match) throw new Refusal(400, `unable to parse '${line}'`)
    const [, measurement = '', tagText = '', fieldText = '', micros = ''] = match
    const tags = Object.fromEntries(
      tagText
        .split(',')
        .slice(1)
        .map((tag) => tag.split('=') as [string, string]),
    )
    for (const [, name = '', text = ''] of fieldText.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)) {
      const value: Cell = text.startsWith('"')
        ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1')
        : text === 'T' || text === 'F'
          ? text === 'T'
          : Number(text)
      const other = [...bucket.values()].find((row) => row['_measurement'] === measurement && row['_field'] === name)
      if (other && typeof other['_value'] !== typeof value) conflicts.push(`field type conflict: ${name} on ${measurement}`)
      else
        bucket.set(`${measurement}${tagText} ${name} ${micros}`, {
          _time: new Date(Number(micros) / 1000),
          _value: value,
          _measurement: measurement,
          _field: name,
          ...tags,
        })
    }
  }
  if (conflicts.length > 0)
    throw new Refusal(422, `failure writing points to database: partial write: ${conflicts[0]} dropped=${conflicts.length}`)
}
