/** Sends hostile HTTP requests, seeded, a connection each, and counts how each was answered. */
import { connect } from 'node:net'
import { seedOf, startRandom } from '../../simulators/random.ts'
import { hostileRequest, REQUEST_KINDS } from './requests.ts'

export interface Answered {
  /** By the code of the error, or the status where it is none of ours; `closed` without an answer, `silent` when nothing came. */
  readonly answers: Record<string, number>
  /** Requests answered with a fault of our own, or not at all, in words. */
  readonly wrong: string[]
}

const AT_ONCE = 32
const ANSWER_MS = 15_000
const HALF_MS = 20
const MOST_WRONG = 20

export async function sendRequests(options: {
  readonly port: number
  readonly count: number
  readonly seed: number
  readonly cookie: string
}): Promise<Answered> {
  const random = startRandom(seedOf(options.seed, 'requests'))
  const answers: Record<string, number> = {}
  const wrong: string[] = []
  let left = options.count
  const next = async () => {
    while (left > 0) {
      const name = REQUEST_KINDS[left-- % REQUEST_KINDS.length]!
      const { bytes, half = false } = hostileRequest(name, random, options.cookie)
      const answer = await sendOne(options.port, bytes, half)
      const said = half ? 'left in the middle' : nameOf(answer)
      answers[said] = (answers[said] ?? 0) + 1
      if ((/^5\d\d$/.test(said) || said === 'internal-error' || said === 'silent') && wrong.length < MOST_WRONG)
        wrong.push(`${name}: ${said} ${JSON.stringify(bytes.toString('latin1').slice(0, 200))}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  return { answers, wrong }
}

/** @returns what came back; undefined when nothing came and nothing was closed */
async function sendOne(port: number, bytes: Buffer, half: boolean): Promise<string | undefined> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    if (text.length < 4000) text += chunk.toString('latin1')
  })
  socket.on('error', () => undefined) // `close` follows
  const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)))
  socket.write(bytes)
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(text !== ''), half ? HALF_MS : ANSWER_MS).unref())
  const isAnswered = await Promise.race([closed, late])
  socket.destroy()
  return isAnswered ? text : undefined
}

function nameOf(answer: string | undefined): string {
  if (answer === undefined) return 'silent'
  if (answer === '') return 'closed'
  return /"error":\{"code":"([a-z-]+)"/.exec(answer)?.[1] ?? /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'closed'
}
