/** A process of MQTT clients (3.1.1, QoS 1), one for each credential, that publish readings of lifts as fast as they are acknowledged or at a given rate. */
import { createConnection } from 'node:net'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import packets from 'mqtt-packet'
import { liftValues } from './lift-reading.ts'

export interface PublisherOptions {
  readonly port: number
  readonly credentials: readonly { readonly username: string; readonly password: string }[]
  readonly estate: string
  readonly lifts: readonly string[]
  readonly messages: number
  /** Readings in each message: 1 = an object, more = an array. */
  readonly perMessage: number
  /** `run_count` of the first reading; the others count up. */
  readonly first: number
  /** `ts` of the first reading of each lift; one each 10 ms after it. */
  readonly startsAt: number
  /** Messages a second over all clients; as fast as they are acknowledged unless told, and with the time of sending as `ts` if told. */
  readonly perSecond?: number
}

export interface PublisherReport {
  readonly startedAt: number
  readonly endedAt: number
  readonly acknowledged: number
}

const WINDOW = 50
const STEP_MS = 10
const TRIES = 30
const RETRY_MS = 500

process.once('message', (options: PublisherOptions) => {
  run(options).then(
    (report) => process.send!(report, () => process.exit(0)),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function run(options: PublisherOptions): Promise<PublisherReport> {
  const next = makeMessages(options)
  const senders = await Promise.all(options.credentials.map((credential) => connectPatiently(options, { credential, next })))
  const startedAt = Date.now()
  if (options.perSecond !== undefined) pace(options, senders)
  await Promise.all(senders.map((sender) => sender.finish(options.perSecond === undefined ? WINDOW : 0)))
  return { startedAt, endedAt: Date.now(), acknowledged: options.messages }
}

type Next = () => { readonly topic: string; readonly payload: string } | undefined

function makeMessages({ estate, lifts, messages, perMessage, first, startsAt, perSecond }: PublisherOptions): Next {
  let sent = 0
  return () => {
    if (sent >= messages) return undefined
    const number = sent++
    const lift = lifts[number % lifts.length]!
    const round = Math.floor(number / lifts.length) * perMessage
    const readings = Array.from({ length: perMessage }, (_, i) => ({
      ts: perSecond === undefined ? startsAt + (round + i) * STEP_MS : Date.now() + i,
      ...liftValues(first + number * perMessage + i),
    }))
    return { topic: `estates/${estate}/elevator/${lift}/telemetry`, payload: JSON.stringify(perMessage === 1 ? readings[0] : readings) }
  }
}

interface Sender {
  send(count: number): void
  /** Keeps so many messages unacknowledged; ends when there is nothing left and all is acknowledged. */
  finish(window: number): Promise<void>
}

/** A broker that is not ready yet (CONNACK 3) is asked again, as a gateway does. */
async function connectPatiently(options: PublisherOptions, about: Parameters<typeof connect>[1]): Promise<Sender> {
  for (let left = TRIES; ; left--)
    try {
      return await connect(options, about)
    } catch (error) {
      if (left === 0) throw error
      await sleep(RETRY_MS)
    }
}

async function connect(
  { port }: PublisherOptions,
  { credential, next }: { readonly credential: PublisherOptions['credentials'][number]; readonly next: Next },
): Promise<Sender> {
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  const parser = packets.parser()
  let [open, id, window, isOver] = [0, 0, 0, false]
  let done: () => void = () => undefined
  const finished = new Promise<void>((resolve, reject) => {
    done = resolve
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the broker closed the connection')))
  })
  finished.catch(() => undefined) // thrown where it is awaited
  const send = (count: number) => {
    socket.cork()
    for (let i = 0; i < count; i++) {
      const message = next()
      if (!message) {
        isOver = true
        break
      }
      id = (id % 65_535) + 1
      open++
      packets.writeToStream({ cmd: 'publish', qos: 1, dup: false, retain: false, messageId: id, ...message }, socket)
    }
    socket.uncork()
    if (isOver && open === 0) done()
  }
  socket.on('data', (chunk) => {
    parser.parse(chunk)
    if (window > 0 || isOver) send(Math.max(0, window - open))
  })
  await new Promise<void>((resolve, reject) => {
    finished.catch(reject)
    parser.on('packet', (packet) => {
      if (packet.cmd === 'puback') open--
      else if (packet.cmd === 'connack') {
        if (packet.returnCode === 0) resolve()
        else {
          reject(new Error(`CONNACK ${packet.returnCode}`))
          socket.destroy()
        }
      }
    })
    const { username } = credential
    const password = Buffer.from(credential.password)
    packets.writeToStream(
      { cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId: username, keepalive: 60, username, password },
      socket,
    )
  })
  return {
    send,
    finish: async (most) => {
      window = most
      if (most > 0) send(most)
      await finished
    },
  }
}

/** Each 10 ms what is due by then, spread over the clients. */
function pace({ messages, perSecond = 0 }: PublisherOptions, senders: readonly Sender[]): void {
  const from = performance.now()
  let [sent, turn] = [0, 0]
  const timer = setInterval(() => {
    const due = Math.min(messages, Math.floor(((performance.now() - from) * perSecond) / 1000))
    for (; sent < due; sent++) senders[turn++ % senders.length]!.send(1)
    if (sent < messages) return
    clearInterval(timer)
    for (const sender of senders) sender.send(1) // there is none: each learns that it has sent its last
  }, 10)
}
