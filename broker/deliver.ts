/** What goes out to subscribers: who may subscribe to what, and cutting off a reader that would make everybody wait. */
import type { AedesOptions, Client } from 'aedes'
import { matchesFilter } from '../domain/topic.ts'
import { maySubscribe } from './access.ts'
import { dropWill } from './aedes-internals.ts'
import type { Connection, Connections } from './connections.ts'
import type { Refusals } from './refusals.ts'

/** Above WRITE_BUFFER bytes aedes waits for one reader, and all others with it: measured, 60 s of standstill for everybody. */
export const WRITE_BUFFER = 6 << 20
/** A few large messages may take a moment. */
const SLOW_BYTES = 512 << 10
const SLOW_MS = 200
/** Cut off at once, well before anybody waits. */
const MOST_BYTES = 4 << 20

export function createDelivery(options: {
  readonly connections: Connections
  readonly refusals: Refusals
}): Required<Pick<AedesOptions, 'authorizeSubscribe' | 'authorizeForward'>> {
  const { connections, refusals } = options
  const watched = new WeakSet<Connection>()
  const cut = (connection: Connection) => {
    refusals.count(connection.credential.username, 'too-slow', 'It reads more slowly than it is sent to; its connection was cut.')
    connection.endedByUs = true
    dropWill(connection.client)
    connection.client.conn.destroy()
  }
  // By the clock and not by the next message: there may be none.
  const watch = (connection: Connection) => {
    if (watched.has(connection)) return
    watched.add(connection)
    setTimeout(() => {
      watched.delete(connection)
      const { conn } = connection.client
      if (!conn.destroyed && conn.writableLength > SLOW_BYTES) cut(connection)
    }, SLOW_MS).unref()
  }
  return {
    // Nothing handed back is 0x80 in the SUBACK.
    authorizeSubscribe: (client, subscription, callback) => {
      const connection = connections.of(client)
      if (connection && maySubscribe(connection.credential, subscription.topic)) {
        callback(null, subscription)
        return
      }
      const name = connection?.credential.username ?? ''
      refusals.count(name, 'subscribe', `Subscription to ${JSON.stringify(subscription.topic.slice(0, 200))} is outside its rights.`)
      callback(null, null)
    },
    authorizeForward: (client, packet) => {
      const connection = connections.of(client)
      if (!connection) return null
      // What waited for an absent subscriber was queued under the rights it had then.
      if (!client.connected && !maySubscribe(connection.credential, packet.topic)) return null
      if (packet.qos === 2) packet.qos = grantedQos(client, packet.topic)
      const { conn } = client
      if (conn.writableLength > MOST_BYTES) {
        if (!conn.destroyed) cut(connection)
        return null
      }
      if (conn.writableLength > SLOW_BYTES) watch(connection)
      return packet
    },
  }
}

// aedes lowers the QoS only for a filter that equals the topic; MQTT 3.1.1 §3.8.4 wants the highest that was granted to any filter that matches.
function grantedQos(client: Client, topic: string): 0 | 1 | 2 {
  const { subscriptions } = client as unknown as { readonly subscriptions: Readonly<Record<string, { readonly qos: 0 | 1 | 2 }>> }
  const granted = Object.entries(subscriptions).filter(([filter]) => matchesFilter(filter, topic))
  return granted.reduce<0 | 1 | 2>((best, [, { qos }]) => (qos > best ? qos : best), 1)
}
