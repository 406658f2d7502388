/** One simulated connection to a broker, as a real box makes it: will, QoS 1, reconnects, and a queue for the time it is away. */
import mqtt, { type MqttClient } from 'mqtt'
import { systemClock, type EpochMs } from '../domain/clock.ts'

/** More than this and the oldest go: a box has little memory. */
const LONGEST_QUEUE = 10_000
const KEEP_ALIVE_S = 30
const GOODBYE_MS = 500

export interface Outgoing {
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
}

export interface Login {
  readonly username: string
  readonly password: string
}

export interface VirtualGateway {
  /** Resolves with the instant of sending, once the broker has acknowledged it; waits in the queue while the line is away. */
  publish(message: Outgoing): Promise<EpochMs>
  /** Breaks the line without a word, so that the broker speaks the will; stays away until `restore`. @returns that instant */
  lose(): EpochMs
  restore(): void
  /** Messages that wait for the line. */
  queued(): number
  /** Messages sent and not yet acknowledged. */
  inFlight(): number
  /** Resolves when it is connected the first time. */
  connected(): Promise<void>
  close(): Promise<void>
}

export interface VirtualGatewayOptions {
  /** e.g. `mqtt://127.0.0.1:1883` */
  readonly url: string
  readonly clientId: string
  /** Absent for a broker that lets anyone in. */
  readonly login: Login | undefined
  readonly availabilityTopic: string
  /** Sent first on each connection. */
  present(): readonly Outgoing[]
  readonly commands?: { readonly filter: string; onCommand(topic: string, payload: Buffer): void }
  onTrouble(message: string): void
}

interface Waiting {
  readonly message: Outgoing
  readonly resolve: (at: EpochMs) => void
}

export function startVirtualGateway(options: VirtualGatewayOptions): VirtualGateway {
  const queue: Waiting[] = []
  let inFlight = 0
  let client: MqttClient | undefined
  let isUp = false
  let reachedOnce!: () => void
  const connected = new Promise<void>((resolve) => {
    reachedOnce = resolve
  })

  const send = (to: MqttClient, waiting: Waiting) => {
    const at = systemClock()
    inFlight++
    to.publish(waiting.message.topic, waiting.message.payload, { qos: 1, retain: waiting.message.retain }, (error) => {
      inFlight--
      if (error)
        queue.push(waiting) // the line was cut before the acknowledgement: once more
      else waiting.resolve(at)
    })
  }
  const connect = () => {
    const line = mqtt.connect(options.url, {
      clientId: options.clientId,
      ...options.login,
      clean: true,
      keepalive: KEEP_ALIVE_S,
      reconnectPeriod: 1000,
      reconnectOnConnackError: true, // the broker may not have the credentials yet
      resubscribe: false,
      will: { topic: options.availabilityTopic, payload: Buffer.from('offline'), qos: 1, retain: true },
    })
    client = line
    line.on('connect', () => {
      if (client !== line) return
      isUp = true
      if (options.commands) line.subscribe(options.commands.filter, { qos: 1 })
      const first = [{ topic: options.availabilityTopic, payload: 'online', retain: true }, ...options.present()]
      const waited = queue.splice(0)
      for (const message of first) send(line, { message, resolve: () => undefined })
      for (const waiting of waited) send(line, waiting)
      reachedOnce()
    })
    line.on('close', () => {
      if (client === line) isUp = false
    })
    line.on('error', (error) => {
      if (client === line) options.onTrouble(explain(error))
    })
    line.on('message', (topic, payload) => options.commands?.onCommand(topic, payload))
  }
  connect()

  return {
    publish: (message) =>
      new Promise((resolve) => {
        const waiting = { message, resolve }
        if (client && isUp) send(client, waiting)
        else if (queue.push(waiting) > LONGEST_QUEUE) queue.shift()
      }),
    lose: () => {
      const line = client
      client = undefined
      isUp = false
      const at = systemClock()
      line?.end(true) // no DISCONNECT
      return at
    },
    restore: () => {
      if (!client) connect()
    },
    queued: () => queue.length,
    inFlight: () => inFlight,
    connected: () => connected,
    close: async () => {
      const line = client
      client = undefined
      if (!line) return
      if (isUp) {
        isUp = false
        const goodbye = line
          .publishAsync(options.availabilityTopic, 'offline', { qos: 1, retain: true })
          .then(() => line.endAsync()) // with a DISCONNECT, so that the will stays unsaid
          .catch(() => undefined)
        await Promise.race([goodbye, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())])
      }
      await line.endAsync(true)
    },
  }
}

function explain(error: Error & { readonly code?: unknown }): string {
  if (error.code === 5 || error.code === 4) return 'the broker refuses the credential (wrong, revoked, or of another estate)'
  if (error.code === 3) return 'the broker is not ready yet'
  if (error.code === 'ECONNREFUSED') return 'nothing listens at the broker address'
  return error.message === '' ? String(error.code) : error.message
}
