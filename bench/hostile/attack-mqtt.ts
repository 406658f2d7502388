/** Sends hostile packets and payloads to a broker, seeded, a few connections at a time. */
import { connect, type Socket } from 'node:net'
import mqtt from 'mqtt'
import { deviceTopic } from '../../domain/topic.ts'
import { seedOf, startRandom } from '../../simulators/random.ts'
import type { Login } from '../../simulators/virtual-gateway.ts'
import { CONNECTION_KINDS, hostileConnection, type HostileConnection } from './connections.ts'
import { connectPacket } from './packets.ts'
import { hostilePayload, PAYLOAD_KINDS, type HostilePayload } from './payloads.ts'

/** A gateway and the devices it may speak for. */
export interface Speaker {
  readonly login: Login
  readonly estate: string
  readonly devices: Readonly<Record<HostilePayload['kind'], string>>
}

/** What must be counted for what was sent, by the reason where it is known: `rejected` for messages, else how the broker refuses. */
export type Expected = Readonly<Record<string, number>>

const AT_ONCE = 48
const WINDOW = 200
/** Without an answer by then the broker lets the connection stand: it is left. */
const ANSWER_MS = 6500
const GRACE_MS = 30

export async function sendPayloads(options: {
  readonly port: number
  readonly count: number
  readonly seed: number
  readonly speakers: readonly Speaker[]
}): Promise<Expected> {
  const { port, count, seed, speakers } = options
  let left = count
  let rejects = 0
  const speak = async ({ login, estate, devices }: Speaker, place: number) => {
    const random = startRandom(seedOf(seed, 'payloads', String(place)))
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...login, clientId: `payloads-${place}`, reconnectPeriod: 0 })
    const next = async () => {
      while (left > 0) {
        const n = left--
        const { kind, channel, payload, rejects: expected } = hostilePayload(PAYLOAD_KINDS[n % PAYLOAD_KINDS.length]!, random)
        rejects += expected
        const topic = deviceTopic({ estate, kind: kind === 'nobody' ? 'camera' : kind, device: devices[kind], channel })
        await client.publishAsync(topic, payload, { qos: 1 })
      }
    }
    await Promise.all(Array.from({ length: Math.ceil(WINDOW / speakers.length) }, next))
    await client.endAsync()
  }
  await Promise.all(speakers.map(speak))
  return { rejected: rejects }
}

export async function sendConnections(options: {
  readonly port: number
  readonly count: number
  readonly seed: number
  readonly speakers: readonly Speaker[]
}): Promise<Expected> {
  const { port, count, seed, speakers } = options
  const random = startRandom(seedOf(seed, 'connections'))
  const expected: Record<string, number> = {}
  let left = count
  const next = async () => {
    while (left > 0) {
      const n = left--
      const { login, estate } = speakers[n % speakers.length]!
      const hostile = hostileConnection(CONNECTION_KINDS[n % CONNECTION_KINDS.length]!, random, { login, estate })
      if (hostile.counted !== undefined) expected[hostile.counted] = (expected[hostile.counted] ?? 0) + 1
      await sendOne(port, hostile, login)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  return expected
}

/** Resolves when the broker has closed, has answered a subscription, or says nothing to what is no breach. */
async function sendOne(port: number, { letIn, bytes, counted }: HostileConnection, login: Login): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined) // `close` follows
  let answered = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => (answered = Buffer.concat([answered, chunk]).subarray(0, 64)))
  if (letIn) {
    socket.write(connectPacket({ clientId: `mad-${Math.random().toString(36).slice(2)}`, ...login }))
    await Promise.race([closed, until(() => answered.length >= 4, socket)])
  }
  socket.write(bytes)
  if (counted === 'subscribe' || counted === 'rejected') await Promise.race([closed, until(() => answered.length >= 8, socket)])
  else await Promise.race([closed, pause(counted === undefined ? GRACE_MS : ANSWER_MS)])
  socket.destroy()
  await closed
}

function until(isSo: () => boolean, socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, ANSWER_MS)
    const look = () => {
      if (!isSo()) return
      clearTimeout(late)
      socket.off('data', look)
      resolve()
    }
    socket.on('data', look)
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
