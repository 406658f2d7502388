/** Tells the journal when a credential's connections come and go: at once when one breaks, after 1.5 × its keep alive when it falls silent (aedes sees to that). */
import { MINUTE_MS, type EpochMs } from '../domain/clock.ts'
import { SYSTEM_TOPICS, SYSTEM_VERSION, type Presence } from '../domain/system.ts'
import type { Connection, Connections } from './connections.ts'
import { clientIdOf } from './session-id.ts'

/** Who was disconnected by us has so long to return before it counts as gone. */
export const RETURN_MS = MINUTE_MS

export interface PresenceBook {
  connected(connection: Connection): void
  ended(connection: Connection): void
  /** Each second: who has not returned in time? While nothing is taken in nobody could, so their time starts again. */
  tick(now: EpochMs, intake: boolean): void
  /** Resolves when all that was said is in the journal, or could not be. */
  settled(): Promise<void>
}

export function createPresence(options: {
  readonly append: (topic: string, payload: unknown) => Promise<unknown>
  readonly connections: Connections
  readonly now: () => EpochMs
}): PresenceBook {
  const justEnded = new Map<string, Connection>() // by aedes' client id, until the end of this turn
  const expected = new Map<string, { readonly connection: Connection; since: EpochMs }>()
  const pending = new Set<Promise<unknown>>()

  const say = (connection: Connection, what: Presence['what'], more: Pick<Presence, 'takeOver'> = {}) => {
    const { username } = connection.credential
    const presence: Presence = {
      v: SYSTEM_VERSION,
      username,
      what,
      connections: options.connections.countOf(username),
      clientId: clientIdOf(connection.client.id),
      address: connection.origin.address,
      ...more,
    }
    const done = options.append(SYSTEM_TOPICS.presence, presence).catch(() => undefined) // the disk is full or we are closing; ticks tell
    pending.add(done)
    void done.then(() => pending.delete(done))
  }
  const end = (connection: Connection) => {
    const { username } = connection.credential
    if (!connection.endedByUs) {
      say(connection, 'gone')
      return
    }
    say(connection, 'closed-by-us')
    if (options.connections.countOf(username) === 0) expected.set(username, { connection, since: options.now() })
  }
  return {
    connected: (connection) => {
      expected.delete(connection.credential.username)
      const takeOver = justEnded.delete(connection.client.id)
      say(connection, 'connected', takeOver ? { takeOver } : {})
    },
    // A client id that connects again closes its old connection in the same turn: that is no going.
    ended: (connection) => {
      const { id } = connection.client
      justEnded.set(id, connection)
      setImmediate(() => {
        if (justEnded.get(id) !== connection) return
        justEnded.delete(id)
        end(connection)
      })
    },
    tick: (now, intake) => {
      for (const [username, absent] of expected) {
        if (!intake) absent.since = now
        if (now - absent.since < RETURN_MS) continue
        expected.delete(username)
        say(absent.connection, 'gone')
      }
    },
    settled: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      await Promise.all(pending)
    },
  }
}
