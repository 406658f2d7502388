/** A process of its own that publishes at a steady rate to a subscriber that keeps up, for some time alone and for some beside one that reads nothing, in turns. */
import { connect as connectSocket } from 'node:net'
import process from 'node:process'
import { connect, type MqttClient } from 'mqtt'
import packets from 'mqtt-packet'
import { quantile } from '../report.ts'
import type { Login } from './servers.ts'

export interface NeighboursOrder {
  readonly port: number
  readonly login: Login
  readonly topic: string
  readonly turns: number
  readonly turnMs: number
}

export interface NeighboursResult {
  readonly turns: readonly { readonly aloneP99Ms: number; readonly besideP99Ms: number }[]
  /** How often the one that reads nothing was cut off (it comes back each time). */
  readonly cuts: number
}

const TICK_MS = 10
const EACH_TICK = 20
const PAYLOAD_BYTES = 2_000

process.once('message', (order: NeighboursOrder) => void run(order).then((result) => process.send!(result)))

async function run(order: NeighboursOrder): Promise<NeighboursResult> {
  const publisher = client(order)
  const subscriber = client(order)
  await Promise.all([publisher, subscriber].map((one) => new Promise<void>((resolve) => one.once('connect', () => resolve()))))
  await subscriber.subscribeAsync(order.topic, { qos: 1 })
  let latencies: number[] = []
  subscriber.on('message', (_topic, payload) => latencies.push(performance.now() - payload.readDoubleLE(0)))
  const timer = setInterval(() => {
    for (let n = 0; n < EACH_TICK; n++) {
      const payload = Buffer.alloc(PAYLOAD_BYTES)
      payload.writeDoubleLE(performance.now(), 0)
      publisher.publish(order.topic, payload, { qos: 1 })
    }
  }, TICK_MS)
  const p99Of = async () => {
    latencies = []
    await new Promise((resolve) => setTimeout(resolve, order.turnMs))
    return quantile(latencies, 0.99)
  }
  await p99Of() // the first turn is not the first that is sent
  const turns = []
  let cuts = 0
  for (let n = 0; n < order.turns; n++) {
    const aloneP99Ms = await p99Of()
    const slow = startSlow(order, () => cuts++)
    turns.push({ aloneP99Ms, besideP99Ms: await p99Of() })
    slow.stop()
  }
  clearInterval(timer)
  return { turns, cuts }
}

function client({ port, login }: NeighboursOrder): MqttClient {
  return connect({ host: '127.0.0.1', port, ...login, reconnectPeriod: 0 })
}

/** Subscribes and reads nothing more; comes back when it is cut off. */
function startSlow(order: NeighboursOrder, onCut: () => void): { stop(): void } {
  let stopped = false
  let socket = enter()
  function enter() {
    const { port, login, topic } = order
    const mine = connectSocket({ port, host: '127.0.0.1' })
    const { username, password } = login
    const more = { clientId: 'slow', username, password: Buffer.from(password), clean: true, keepalive: 0 }
    mine.write(packets.generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, ...more }))
    mine.write(packets.generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] }))
    mine.once('data', () => mine.pause())
    mine.on('error', () => undefined) // `close` follows
    mine.once('close', () => {
      if (stopped) return
      onCut()
      socket = enter()
    })
    // A paused socket hears of its end only when it writes.
    const pinging = setInterval(() => mine.write(packets.generate({ cmd: 'pingreq' })), 100)
    mine.once('close', () => clearInterval(pinging))
    return mine
  }
  return {
    stop: () => {
      stopped = true
      socket.destroy()
    },
  }
}
