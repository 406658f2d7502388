/** Posts a body over kept connections and gives the answer whole, or fails within its time. */
import { request as httpRequest, type Agent as HttpAgent } from 'node:http'
import { request as httpsRequest, type Agent as HttpsAgent } from 'node:https'

export interface PostTo {
  readonly url: string
  /** With the query, below the URL's own path. */
  readonly path: string
  readonly agent: HttpAgent | HttpsAgent
  readonly timeoutMs: number
  /** `user:password` */
  readonly auth?: string
}

export async function post(
  { url, path, agent, timeoutMs, auth }: PostTo,
  body: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const { protocol, hostname, port, pathname } = new URL(url)
  const bytes = Buffer.from(body)
  const start = protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const call = start(
      {
        method: 'POST',
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port,
        path: `${pathname.replace(/\/$/, '')}${path}`,
        agent,
        headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': bytes.byteLength },
        ...(auth !== undefined && { auth }),
        signal: AbortSignal.timeout(timeoutMs),
      },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.once('error', reject)
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }))
      },
    )
    call.once('error', reject)
    call.end(bytes)
  })
}
