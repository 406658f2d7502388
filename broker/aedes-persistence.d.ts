/** aedes-persistence types its asynchronous class but not under the path that can be imported. */
declare module 'aedes-persistence/asyncPersistence.js' {
  import type { Readable } from 'node:stream'
  import type { AedesPublishPacket, Subscription } from 'aedes'

  interface ClientRef {
    readonly id: string
  }

  export interface Match {
    readonly clientId: string
    readonly topic: string
    readonly qos?: 0 | 1 | 2
  }

  export default class MemoryPersistence {
    static readonly Packet: new (original: AedesPublishPacket) => AedesPublishPacket
    setup(broker: unknown): Promise<void>
    storeRetained(packet: AedesPublishPacket): Promise<void>
    createRetainedStream(pattern: string): Readable
    createRetainedStreamCombi(patterns: readonly string[]): Readable
    addSubscriptions(client: ClientRef, subscriptions: readonly Subscription[]): Promise<void>
    removeSubscriptions(client: ClientRef, filters: readonly string[]): Promise<void>
    cleanSubscriptions(client: ClientRef): Promise<void>
    subscriptionsByTopic(topic: string): Promise<readonly Match[]>
    subscriptionsByClient(client: ClientRef): Promise<readonly Subscription[]>
    outgoingEnqueue(subscription: { readonly clientId: string }, packet: AedesPublishPacket): Promise<void>
    outgoingEnqueueCombi(subscriptions: readonly { readonly clientId: string }[], packet: AedesPublishPacket): Promise<void>
    outgoingUpdate(client: ClientRef, packet: AedesPublishPacket): Promise<void>
    outgoingClearMessageId(client: ClientRef, packet: AedesPublishPacket): Promise<AedesPublishPacket | undefined>
    outgoingStream(client: ClientRef): Readable
    cleanIncoming(client: ClientRef): Promise<void>
  }
}
