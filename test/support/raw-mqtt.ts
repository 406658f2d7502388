/** MQTT by hand over a socket, for what a well-behaved client library would never send. */
import { createConnection, type Socket } from 'node:net'
import packets, { type IConnectPacket, type Packet } from 'mqtt-packet'
import { until } from './until.ts'

export interface RawClient {
  readonly socket: Socket
  /** What came back so far. */
  readonly packets: readonly Packet[]
  send(packet: Packet): void
  isClosed(): boolean
  /** Resolves with the time it took from the first byte sent, in ms. */
  closed(): Promise<number>
}

export function rawClient(port: number, options: { readonly localAddress?: string } = {}): RawClient {
  const socket = createConnection({ port, host: '127.0.0.1', ...options })
  const received: Packet[] = []
  const parser = packets.parser()
  const from = performance.now()
  let closedAfter: number | undefined
  parser.on('packet', (packet) => received.push(packet))
  socket.on('data', (chunk) => parser.parse(chunk))
  socket.on('error', () => undefined) // `close` follows
  socket.once('close', () => (closedAfter = performance.now() - from))
  return {
    socket,
    packets: received,
    send: (packet) => void socket.write(packets.generate(packet)),
    isClosed: () => closedAfter !== undefined,
    closed: async () => {
      await until(() => closedAfter !== undefined, { timeoutMs: 20_000 })
      return closedAfter!
    },
  }
}

/** Sends CONNECT. @returns the code of the CONNACK, or `closed` when the connection ended without one. */
export async function rawConnect(raw: RawClient, packet: Partial<IConnectPacket>): Promise<number | 'closed'> {
  raw.send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: 'raw',
    keepalive: 0,
    ...packet,
  })
  await until(() => raw.packets.length > 0 || raw.isClosed())
  const [answer] = raw.packets
  return answer?.cmd === 'connack' ? (answer.returnCode ?? -1) : 'closed'
}
