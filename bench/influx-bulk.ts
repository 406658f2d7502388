/** The raw bulk rate of an InfluxDB: ready lines in batches of 5,000 over two kept connections, and nothing else. */
import { Agent } from 'node:http'
import { post } from '../ingest/stores/http-post.ts'
import { makeLineMaker } from '../ingest/stores/line-protocol.ts'
import { liftValues } from './lift-reading.ts'

const AT_ONCE = 5000

/** @returns points a second */
export async function bulkRate(url: string, { database, points }: { readonly database: string; readonly points: number }): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const send = async (path: string, body: string) => {
    const { status, text } = await post({ url, path, agent, timeoutMs: 60_000 }, body)
    if (status >= 300) throw new Error(`InfluxDB answers ${status}: ${text}`)
  }
  await send(`/query?q=${encodeURIComponent(`CREATE DATABASE "${database}"`)}`, '')
  const bodies = makeBodies(points)
  const from = performance.now()
  const sender = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await send(`/write?db=${database}&precision=u`, body)
  }
  await Promise.all([sender(), sender()])
  const rate = points / ((performance.now() - from) / 1000)
  agent.destroy()
  return rate
}

function makeBodies(points: number): string[] {
  const lineOf = makeLineMaker()
  const now = Date.now()
  const bodies: string[] = []
  for (let from = 0; from < points; from += AT_ONCE) {
    const lines = Array.from({ length: Math.min(AT_ONCE, points - from) }, (_, i) => {
      const n = from + i
      return lineOf({
        measurement: 'elevator',
        estate: 'bench',
        device: `lift-${n % 2000}`,
        ts: now + Math.floor(n / 2000) * 10,
        values: liftValues(n),
      })
    })
    bodies.push(lines.join('\n'))
  }
  return bodies
}
