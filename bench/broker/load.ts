/** A process of its own that publishes with QoS 1 over many connections as fast as it is acknowledged, always a full window under way. Raw sockets: a client library would be what is measured. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import process from 'node:process'
import packets from 'mqtt-packet'

export interface LoadOrder {
  readonly port: number
  readonly clients: readonly { readonly username: string; readonly password: string; readonly topic: string }[]
  readonly payloadBytes: number
  readonly window: number
  readonly warmUpMs: number
  readonly measureMs: number
}

export interface LoadResult {
  /** Acknowledged while it was measured. */
  readonly acked: number
  readonly ms: number
  /** Of this process while it was measured, in cores. */
  readonly loadCores: number
}

const PUBACK_BYTES = 4

process.once('message', (order: LoadOrder) => void run(order).then((result) => process.send!(result)))

async function run(order: LoadOrder): Promise<LoadResult> {
  let acked = 0
  const sockets = await Promise.all(order.clients.map((client, n) => open(order, client, n)))
  for (const [n, socket] of sockets.entries()) publish(socket, ringOf(order, order.clients[n]!.topic), (count) => (acked += count))
  await sleep(order.warmUpMs)
  const [before, from, cpu] = [acked, performance.now(), process.cpuUsage()]
  await sleep(order.measureMs)
  const ms = performance.now() - from
  const { user, system } = process.cpuUsage(cpu)
  const result = { acked: acked - before, ms, loadCores: (user + system) / 1_000 / ms }
  for (const socket of sockets) socket.destroy()
  return result
}

/** Connects and waits for the CONNACK. */
async function open({ port }: LoadOrder, { username, password }: LoadOrder['clients'][number], n: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const login = { clientId: `load-${n}`, username, password: Buffer.from(password), clean: true, keepalive: 0 }
  socket.write(packets.generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, ...login }))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  if (answer.length !== 4 || answer[3] !== 0) throw new Error(`client ${n} was answered ${answer.toString('hex')}`)
  socket.on('error', (error) => {
    throw error
  })
  return socket
}

interface Ring {
  readonly bytes: Buffer
  readonly packetBytes: number
  readonly window: number
}

/** The packets of one window with their message ids, twice, so that any run of up to a window is one slice. */
function ringOf({ window, payloadBytes }: LoadOrder, topic: string): Ring {
  const payload = Buffer.alloc(payloadBytes, '0123456789')
  const one = Array.from({ length: window }, (_, i) =>
    packets.generate({ cmd: 'publish', topic, payload, qos: 1, messageId: i + 1, dup: false, retain: false }),
  )
  return { bytes: Buffer.concat([...one, ...one]), packetBytes: one[0]!.length, window }
}

function publish(socket: Socket, { bytes, packetBytes, window }: Ring, onAcked: (count: number) => void): void {
  let next = 0
  let rest = 0
  const send = (count: number) => {
    socket.write(bytes.subarray(next * packetBytes, (next + count) * packetBytes))
    next = (next + count) % window
  }
  socket.on('data', (data) => {
    rest += data.length
    const count = Math.floor(rest / PUBACK_BYTES)
    rest -= count * PUBACK_BYTES
    if (count === 0) return
    onAcked(count)
    send(count)
  })
  send(window)
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
