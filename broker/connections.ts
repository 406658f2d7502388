/** The connections that were let in: whose each one is, how it came, and how we end it. */
import type { Duplex } from 'node:stream'
import type { Client } from 'aedes'
import type { ClientStats } from '../domain/broker-stats.ts'
import type { EpochMs } from '../domain/clock.ts'
import type { Credential } from '../domain/credential.ts'
import type { PublishDecision } from './access.ts'
import { dropWill } from './aedes-internals.ts'
import { BURST, type Bucket } from './limits.ts'
import { clientIdOf } from './session-id.ts'

export interface Origin {
  readonly protocol: ClientStats['protocol']
  readonly address: string
  /** User names that its client certificate stands for. */
  readonly certified?: readonly string[]
}

export interface Connection {
  readonly client: Client
  readonly credential: Credential
  readonly origin: Origin
  readonly connectedAt: EpochMs
  messages: number
  bucket: Bucket
  /** What its credential may do on the topics of late; a credential with other rights is another connection. */
  readonly decided: Map<string, PublishDecision>
  /** We are ending it: it does not count as gone until it has had time to return. */
  endedByUs: boolean
  /** It was sent telemetry back unacknowledged: it must connect again to redeliver it. */
  owesTelemetry: boolean
}

export interface Connections {
  /** How a socket came, noted when it is accepted. */
  note(stream: Duplex, origin: Origin): void
  originOf(client: Client): Origin
  admit(client: Client, credential: Credential, now: EpochMs): void
  of(client: Client | null): Connection | undefined
  add(client: Client): Connection | undefined
  remove(client: Client): Connection | undefined
  /** Live ones of a credential. */
  countOf(username: string): number
  all(): readonly Connection[]
  /** Ends one once what was written to it has left. */
  dismiss(connection: Connection): void
  /** Ends these now, without their wills. */
  end(which: (connection: Connection) => boolean, options: { readonly willReturn: boolean }): Promise<void>
}

/** A dismissed client that does not hang up is cut off after this. */
const DISMISS_MS = 1_000
const UNKNOWN: Origin = { protocol: 'mqtt', address: 'unknown' }

export function createConnections(): Connections {
  const origins = new WeakMap<Duplex, Origin>()
  const admitted = new WeakMap<Client, Connection>()
  const live = new Map<string, Set<Connection>>()
  const liveOf = (username: string) => live.get(username) ?? new Set<Connection>()
  const all = () => [...live.values()].flatMap((connections) => [...connections])
  const originOf = (client: Client) => origins.get(client.conn) ?? UNKNOWN
  return {
    note: (stream, origin) => void origins.set(stream, origin),
    originOf,
    admit: (client, credential, now) =>
      void admitted.set(client, {
        client,
        credential,
        origin: originOf(client),
        connectedAt: now,
        messages: 0,
        bucket: { tokens: BURST, at: now },
        decided: new Map(),
        endedByUs: false,
        owesTelemetry: false,
      }),
    of: (client) => (client ? admitted.get(client) : undefined),
    add: (client) => {
      const connection = admitted.get(client)
      if (!connection) return undefined
      const { username } = connection.credential
      live.set(username, liveOf(username).add(connection))
      return connection
    },
    remove: (client) => {
      const connection = admitted.get(client)
      if (!connection) return undefined
      const { username } = connection.credential
      const others = liveOf(username)
      others.delete(connection)
      if (others.size === 0) live.delete(username)
      return connection
    },
    countOf: (username) => liveOf(username).size,
    all,
    dismiss: (connection) => {
      connection.endedByUs = true
      dropWill(connection.client)
      connection.client.conn.end()
      setTimeout(() => connection.client.close(), DISMISS_MS).unref()
    },
    end: async (which, { willReturn }) => {
      await Promise.all(
        all()
          .filter(which)
          .map((connection) => {
            connection.endedByUs = willReturn
            dropWill(connection.client)
            return new Promise<void>((resolve) => connection.client.close(resolve))
          }),
      )
    },
  }
}

export function toClientStats({ client, credential, origin, connectedAt, messages }: Connection): ClientStats {
  const { protocol, address } = origin
  return { username: credential.username, clientId: clientIdOf(client.id), protocol, address, connectedAt, messages }
}
