/** What one kept session has still to be sent or has not acknowledged: at most 1,000 messages or 24 h, the oldest go first. */
import { DAY_MS, type EpochMs } from '../domain/clock.ts'

export const QUEUE_MESSAGES = 1_000
export const QUEUE_MS = DAY_MS

/** Of aedes' packet, what a queue needs: where it came from is its identity, the message id is the client's. */
export interface QueuedPacket {
  readonly brokerId: string
  readonly brokerCounter: number
  messageId?: number
}

interface Entry<P> {
  readonly key: string
  packet: P
  readonly at: EpochMs
}

export class OutgoingQueue<P extends QueuedPacket> {
  readonly #entries = new Map<string, Entry<P>>() // in order of arrival
  readonly #byMessageId = new Map<number, Entry<P>>()

  get size(): number {
    return this.#entries.size
  }

  add(packet: P, now: EpochMs): void {
    this.dropOlderThan(now - QUEUE_MS)
    if (this.#entries.size >= QUEUE_MESSAGES) this.#remove(this.#entries.values().next().value!)
    const entry = { key: keyOf(packet), packet, at: now }
    this.#entries.set(entry.key, entry)
  }

  /** A publish that was given its message id, or a PUBREL that takes its publish's place. One that was dropped meanwhile is none of our concern. */
  update(packet: P): void {
    const mine = this.#entries.get(keyOf(packet))
    if (mine) {
      mine.packet.messageId = packet.messageId!
      this.#byMessageId.set(packet.messageId!, mine)
      return
    }
    const other = this.#byMessageId.get(packet.messageId!)
    if (other) other.packet = packet
  }

  /** Acknowledged: it is done. */
  clear(messageId: number | undefined): P | undefined {
    const entry = messageId === undefined ? undefined : this.#byMessageId.get(messageId)
    if (!entry) return undefined
    this.#remove(entry)
    return entry.packet
  }

  dropOlderThan(limit: EpochMs): void {
    for (const entry of this.#entries.values()) {
      if (entry.at > limit) return
      this.#remove(entry)
    }
  }

  packets(now: EpochMs): readonly P[] {
    this.dropOlderThan(now - QUEUE_MS)
    return [...this.#entries.values()].map(({ packet }) => packet)
  }

  #remove(entry: Entry<P>): void {
    this.#entries.delete(entry.key)
    const { messageId } = entry.packet
    if (messageId !== undefined && this.#byMessageId.get(messageId) === entry) this.#byMessageId.delete(messageId)
  }
}

function keyOf({ brokerId, brokerCounter }: QueuedPacket): string {
  return `${brokerId}/${brokerCounter}`
}
