/** A process of its own that is many clients: each connects, subscribes to its commands, and comes back when its connection ends. Says how many are in. */
import { connect } from 'node:net'
import process from 'node:process'
import packets from 'mqtt-packet'

export interface CrowdOrder {
  readonly port: number
  readonly clients: readonly { readonly username: string; readonly password: string; readonly filter: string }[]
}

export interface CrowdSaid {
  /** Connected and subscribed. */
  readonly connected: number
}

const SAY_MS = 50
/** On the way in at once: a crowd that has just been let go does not come as one. */
const AT_ONCE = 500
/** A client comes back after a wait of its own between these. */
const BACK_MS = [200, 1_200] as const
const KEEP_ALIVE_S = 600

process.once('message', (order: CrowdOrder) => gather(order))

function gather({ port, clients }: CrowdOrder): void {
  let connected = 0
  let entering = 0
  const outside = clients.map((_, n) => n)
  const enter = () => {
    while (entering < AT_ONCE && outside.length > 0) {
      entering++
      join(outside.shift()!)
    }
  }
  const join = (n: number) => {
    const { username, password, filter } = clients[n]!
    // Several addresses: one has only so many ports for one server.
    const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + (n % 4)}`, noDelay: true })
    let step: 'connack' | 'suback' | 'in' = 'connack'
    const login = { clientId: `crowd-${n}`, username, password: Buffer.from(password), clean: true, keepalive: KEEP_ALIVE_S }
    socket.write(packets.generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, ...login }))
    socket.on('data', (data) => {
      if (step === 'connack') {
        if (data[3] !== 0) return // the broker closes
        step = 'suback'
        socket.write(packets.generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: filter, qos: 1 }] }))
      } else if (step === 'suback') {
        step = 'in'
        connected++
        entering--
        enter()
      }
    })
    socket.on('error', () => undefined) // `close` follows
    socket.once('close', () => {
      if (step === 'in') connected--
      else entering--
      setTimeout(
        () => {
          outside.push(n)
          enter()
        },
        BACK_MS[0] + Math.random() * (BACK_MS[1] - BACK_MS[0]),
      )
    })
  }
  setInterval(() => process.send!({ connected } satisfies CrowdSaid), SAY_MS)
  enter()
}
