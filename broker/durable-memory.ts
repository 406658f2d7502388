/** aedes' memory of subscriptions and retained messages, written through to `broker.db`; queues of absent subscribers are bounded and stay in memory (each message is in the journal anyway). */
import { Readable } from 'node:stream'
import type { AedesPublishPacket, Subscription } from 'aedes'
import MemoryPersistence, { type Match } from 'aedes-persistence/asyncPersistence.js'
import type { EpochMs } from '../domain/clock.ts'
import type { BrokerDb } from './broker-db.ts'
import { OutgoingQueue } from './outgoing-queue.ts'
import type { RetainedOwners } from './retained-owners.ts'
import { usernameOf } from './session-id.ts'

/** Kept sessions of one credential; the longest unused makes room. */
export const SESSIONS_PER_CREDENTIAL = 200

/** A topic's subscribers are looked up for each message, and topics are the same again and again. */
const MATCHES_KEPT = 50_000

type QueuedPublish = AedesPublishPacket & { messageId?: number }
interface ClientRef {
  readonly id: string
}

export interface DurableMemoryOptions {
  readonly db: BrokerDb
  readonly owners: RetainedOwners
  readonly now: () => EpochMs
  /** Rights may have been refused or withdrawn: only what is allowed is kept. */
  readonly maySubscribe: (username: string, filter: string) => boolean
  readonly isConnected: (clientId: string) => boolean
}

export class DurableMemory extends MemoryPersistence {
  readonly #options: DurableMemoryOptions
  readonly #queues = new Map<string, OutgoingQueue<QueuedPublish>>()
  /** Clients with a kept session, by credential, the longest unused first. */
  readonly #sessions = new Map<string, Set<string>>()

  /** By topic, until any subscription changes. */
  readonly #matches = new Map<string, Promise<readonly Match[]>>()

  constructor(options: DurableMemoryOptions) {
    super()
    this.#options = options
  }

  override async setup(broker: unknown): Promise<void> {
    await super.setup(broker)
    const { db, owners } = this.#options
    for (const { topic, owner, qos, payload } of db.retained()) {
      owners.set(topic, owner)
      await super.storeRetained(retainedPacket(topic, qos, payload))
    }
    for (const [id, subscriptions] of db.subscriptions()) {
      this.#sessionsOf(id).add(id)
      await super.addSubscriptions({ id }, subscriptions)
      await this.#dropDisallowed(id)
    }
  }

  override async storeRetained(packet: AedesPublishPacket): Promise<void> {
    const { topic, qos } = packet
    const payload = Buffer.from(packet.payload)
    // A copy: the packet's payload is a view of a socket's whole chunk.
    await super.storeRetained(retainedPacket(topic, qos, payload))
    const { db, owners } = this.#options
    if (payload.length === 0) {
      owners.delete(topic)
      db.dropRetained(topic)
    } else {
      owners.set(topic, owners.get(topic))
      db.putRetained({ topic, owner: owners.get(topic), qos, payload })
    }
  }

  /** Takes back every retained message below this topic. */
  async dropRetainedBelow(prefix: string): Promise<void> {
    for (const topic of this.#options.owners.topics())
      if (topic.startsWith(prefix)) await this.storeRetained(retainedPacket(topic, 0, Buffer.alloc(0)))
  }

  override subscriptionsByTopic(topic: string): Promise<readonly Match[]> {
    const known = this.#matches.get(topic)
    if (known) return known
    if (this.#matches.size >= MATCHES_KEPT) this.#matches.clear()
    const found = super.subscriptionsByTopic(topic)
    this.#matches.set(topic, found)
    return found
  }

  // aedes hands over all subscriptions of a packet, those it has just refused among them.
  override async addSubscriptions(client: ClientRef, subscriptions: readonly Subscription[]): Promise<void> {
    const username = usernameOf(client.id)
    const allowed = subscriptions.filter(({ topic }) => this.#options.maySubscribe(username, topic))
    if (allowed.length === 0) return
    await super.addSubscriptions(client, allowed)
    this.#matches.clear()
    this.#options.db.putSubscriptions(client.id, allowed, this.#options.now())
    const sessions = this.#sessionsOf(client.id)
    sessions.delete(client.id)
    sessions.add(client.id)
    if (sessions.size <= SESSIONS_PER_CREDENTIAL) return
    const unused = [...sessions].find((id) => !this.#options.isConnected(id))
    if (unused !== undefined) await this.cleanSubscriptions({ id: unused })
  }

  override async removeSubscriptions(client: ClientRef, filters: readonly string[]): Promise<void> {
    await super.removeSubscriptions(client, filters)
    this.#matches.clear()
    this.#options.db.dropSubscriptions(client.id, filters)
  }

  override async cleanSubscriptions(client: ClientRef): Promise<void> {
    await super.cleanSubscriptions(client)
    this.#matches.clear()
    this.#queues.delete(client.id)
    if (this.#sessionsOf(client.id).delete(client.id)) this.#options.db.dropClient(client.id)
  }

  /** Its credential was revoked: whatever was kept for it goes. */
  async dropSessionsOf(username: string): Promise<void> {
    for (const id of [...(this.#sessions.get(username) ?? [])]) await this.cleanSubscriptions({ id })
    this.#sessions.delete(username)
  }

  /** Its rights were changed: what they no longer allow goes. */
  async dropDisallowedOf(username: string): Promise<void> {
    for (const id of [...(this.#sessions.get(username) ?? [])]) await this.#dropDisallowed(id)
  }

  async #dropDisallowed(id: string): Promise<void> {
    const username = usernameOf(id)
    const filters = (await super.subscriptionsByClient({ id })).map(({ topic }) => topic)
    const disallowed = filters.filter((filter) => !this.#options.maySubscribe(username, filter))
    if (disallowed.length > 0) await this.removeSubscriptions({ id }, disallowed)
  }

  dropOldMessages(limit: EpochMs): void {
    for (const [id, queue] of this.#queues) {
      queue.dropOlderThan(limit)
      if (queue.size === 0) this.#queues.delete(id)
    }
  }

  override async outgoingEnqueue({ clientId }: { readonly clientId: string }, packet: AedesPublishPacket): Promise<void> {
    this.#enqueue(clientId, new MemoryPersistence.Packet(packet))
  }

  override async outgoingEnqueueCombi(
    subscriptions: readonly { readonly clientId: string; readonly qos?: 0 | 1 | 2 }[],
    packet: AedesPublishPacket,
  ): Promise<void> {
    const granted = new Map<string, 0 | 1 | 2>() // several filters of one client may match: one message, at the highest QoS
    for (const { clientId, qos = 2 } of subscriptions) granted.set(clientId, max(granted.get(clientId) ?? 0, qos))
    for (const [clientId, qos] of granted) {
      const copy = new MemoryPersistence.Packet(packet)
      if (qos < copy.qos) copy.qos = qos
      this.#enqueue(clientId, copy)
    }
  }

  override async outgoingUpdate(client: ClientRef, packet: AedesPublishPacket): Promise<void> {
    this.#queues.get(client.id)?.update(packet)
  }

  override async outgoingClearMessageId(client: ClientRef, packet: AedesPublishPacket): Promise<AedesPublishPacket | undefined> {
    return this.#queues.get(client.id)?.clear(packet.messageId)
  }

  override outgoingStream(client: ClientRef): Readable {
    return Readable.from(this.#queues.get(client.id)?.packets(this.#options.now()) ?? [])
  }

  #enqueue(clientId: string, packet: AedesPublishPacket): void {
    const queue = this.#queues.get(clientId) ?? new OutgoingQueue<QueuedPublish>()
    this.#queues.set(clientId, queue)
    queue.add(packet, this.#options.now())
  }

  #sessionsOf(clientId: string): Set<string> {
    const username = usernameOf(clientId)
    const sessions = this.#sessions.get(username) ?? new Set()
    this.#sessions.set(username, sessions)
    return sessions
  }
}

function retainedPacket(topic: string, qos: 0 | 1 | 2, payload: Uint8Array): AedesPublishPacket {
  return { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain: true, dup: false, brokerId: '', brokerCounter: 0 }
}

function max(a: 0 | 1 | 2, b: 0 | 1 | 2): 0 | 1 | 2 {
  return a > b ? a : b
}
