/** The doors for devices: MQTT over TCP, TLS (with client certificates when a CA is given) and WebSocket. */
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import type { Aedes } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { readTlsFiles, watchTlsFiles } from '../tls-files.ts'
import { MAX_PAYLOAD_BYTES } from './access.ts'
import { limitPacketSize, setWriteBuffer } from './aedes-internals.ts'
import { certifiedNames } from './certified.ts'
import type { Connections, Origin } from './connections.ts'
import { WRITE_BUFFER } from './deliver.ts'
import type { Refusals } from './refusals.ts'

/** A payload of 1 MiB, its topic and the header. */
const MAX_PACKET_BYTES = MAX_PAYLOAD_BYTES + 65_535 + 8
/** What was read at once is worked off before the next: small, so that the pings of a client that is read slowly still get through. */
const READ_BUFFER = 16 << 10
const TCP_KEEP_ALIVE_MS = 30_000

export interface ListenerLimits {
  /** Of all listeners together. */
  readonly connections: number
  /** Of one address that have not yet been let in. */
  readonly strangersPerAddress: number
}

export interface Listeners {
  readonly mqttPort: number
  readonly mqttTlsPort?: number
  readonly mqttWsPort?: number
  /** A stranger was let in or went. */
  letIn(stream: Duplex): void
  close(): Promise<void>
}

export async function startListeners(options: {
  readonly config: Config
  readonly aedes: Aedes
  readonly connections: Connections
  readonly refusals: Refusals
  readonly limits: ListenerLimits
  readonly log: Log
  /** How often new TLS files are looked for. */
  readonly tlsLookMs?: number
}): Promise<Listeners> {
  const { config, aedes, connections, refusals, limits } = options
  const sockets = new Set<Duplex>()
  const strangers = new Map<Duplex, string>()
  const strangersOf = new Map<string, number>()

  const letIn = (stream: Duplex) => {
    const address = strangers.get(stream)
    if (address === undefined) return
    strangers.delete(stream)
    const left = (strangersOf.get(address) ?? 1) - 1
    if (left > 0) strangersOf.set(address, left)
    else strangersOf.delete(address)
  }
  const accept = (stream: Duplex, origin: Origin, request?: IncomingMessage) => {
    const { address } = origin
    const waiting = strangersOf.get(address) ?? 0
    if (sockets.size >= limits.connections || waiting >= limits.strangersPerAddress) {
      refusals.count('', 'too-many-connections', `${sockets.size} connections; ${waiting} of ${address} have not signed in.`)
      stream.destroy()
      return
    }
    sockets.add(stream)
    strangers.set(stream, address)
    strangersOf.set(address, waiting + 1)
    stream.once('close', () => {
      sockets.delete(stream)
      letIn(stream)
    })
    connections.note(stream, origin)
    setWriteBuffer(stream, WRITE_BUFFER)
    limitPacketSize(aedes.handle(stream, request), MAX_PACKET_BYTES)
  }
  const socketOptions = { highWaterMark: READ_BUFFER, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS }
  const servers: Server[] = []
  const listen = async (server: Server, port: number) => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, config.host, resolve)
    })
    servers.push(server)
    return (server.address() as AddressInfo).port
  }

  const mqttPort = await listen(
    createServer(socketOptions, (socket) => accept(socket, { protocol: 'mqtt', address: addressOf(socket) })),
    config.mqttPort,
  )
  const ports: { mqttTlsPort?: number; mqttWsPort?: number } = {}
  if (config.mqttTlsPort !== undefined && config.tls) {
    const files = config.tls
    const server = createTlsServer(
      {
        ...socketOptions,
        ...readTlsFiles(files),
        handshakeTimeout: 10_000,
        ...(files.caPath === undefined ? {} : { requestCert: true, rejectUnauthorized: true }),
      },
      (socket) => accept(socket, { protocol: 'mqtts', address: addressOf(socket), certified: certifiedNames(socket) }),
    )
    const watching = watchTlsFiles({
      files,
      use: (secureContext) => server.setSecureContext(secureContext),
      log: options.log,
      ...(options.tlsLookMs === undefined ? {} : { everyMs: options.tlsLookMs }),
    })
    server.once('close', () => watching.close())
    server.on('tlsClientError', (error) => refusals.count('', 'protocol', `TLS: ${error.message}`))
    ports.mqttTlsPort = await listen(server, config.mqttTlsPort)
  }
  if (config.mqttWsPort !== undefined) {
    const http = createHttpServer((_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain' }).end('MQTT over WebSocket only.\n')
    })
    const websockets = new WebSocketServer({
      server: http,
      maxPayload: MAX_PACKET_BYTES + 5,
      perMessageDeflate: false,
      handleProtocols: (offered) => ['mqtt', 'mqttv3.1'].find((protocol) => offered.has(protocol)) ?? false,
    })
    websockets.on('connection', (websocket, request) => {
      const stream = createWebSocketStream(websocket, { readableHighWaterMark: READ_BUFFER, writableHighWaterMark: WRITE_BUFFER })
      accept(stream, { protocol: 'ws', address: addressOf(request.socket) }, request)
    })
    ports.mqttWsPort = await listen(http, config.mqttWsPort)
  }
  return {
    mqttPort,
    ...ports,
    letIn,
    close: async () => {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    },
  }
}

function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
}
