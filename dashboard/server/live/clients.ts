/** What each credential was last heard saying, and whether it is connected. */
import type { EpochMs } from '../../../domain/clock.ts'
import type { Presence } from '../../../domain/system.ts'
import { applyPresence, awaitReturn, expireReturn, NEVER_CONNECTED, type GatewayPresence } from './presence.ts'

/** Journal numbers kept for the page that shows a box being connected. */
export const RECENT = 50

export interface Client {
  presence: GatewayPresence
  lastSeenAt: EpochMs
  /** Journal numbers of its last messages, oldest first. */
  readonly recent: number[]
}

export interface Clients {
  heard(username: string, entry: { readonly seq: number; readonly receivedAt: EpochMs }): void
  presence(presence: Presence, entry: { readonly seq: number; readonly receivedAt: EpochMs }): void
  brokerRestarted(nowMs: number): void
  /** @returns whether a gateway has not come back in time. */
  expire(now: { readonly ms: number; readonly seq: number }): boolean
  goneSeq(username: string): number
  find(username: string): Client | undefined
  forget(username: string): void
  all(): ReadonlyMap<string, Client>
  restore(username: string, client: SavedClient): void
  /** Those that have changed since the last call. */
  takeUnsaved(): readonly (SavedClient & { readonly username: string })[]
}

export type SavedClient = Readonly<Pick<Client, 'presence' | 'lastSeenAt'>>

export function createClients(): Clients {
  const clients = new Map<string, Client>()
  const unsaved = new Set<string>()
  const of = (username: string): Client => {
    unsaved.add(username)
    let client = clients.get(username)
    if (!client) clients.set(username, (client = { presence: NEVER_CONNECTED, lastSeenAt: 0, recent: [] }))
    return client
  }
  return {
    heard: (username, { seq, receivedAt }) => {
      const client = of(username)
      client.lastSeenAt = receivedAt
      client.recent.push(seq)
      if (client.recent.length > RECENT) client.recent.shift()
      if (client.presence.returnByMs !== null) client.presence = { ...client.presence, heardSeq: seq, returnByMs: null }
    },
    presence: (presence, { seq, receivedAt }) => {
      const client = of(presence.username)
      client.lastSeenAt = receivedAt
      client.presence = applyPresence(client.presence, presence, seq)
    },
    brokerRestarted: (nowMs) => {
      for (const [username, client] of clients) {
        client.presence = awaitReturn(client.presence, nowMs)
        unsaved.add(username)
      }
    },
    expire: (now) => {
      let anyGone = false
      for (const [username, client] of clients) {
        const next = expireReturn(client.presence, now)
        if (next === client.presence) continue
        anyGone = true
        client.presence = next
        unsaved.add(username)
      }
      return anyGone
    },
    goneSeq: (username) => (username.startsWith('gw.') ? (clients.get(username)?.presence.goneSeq ?? 0) : 0),
    find: (username) => clients.get(username),
    forget: (username) => void clients.delete(username),
    all: () => clients,
    restore: (username, client) => void clients.set(username, { ...client, recent: [] }),
    takeUnsaved: () => {
      const rows = [...unsaved].flatMap((username) => {
        const client = clients.get(username)
        return client ? [{ username, presence: client.presence, lastSeenAt: client.lastSeenAt }] : []
      })
      unsaved.clear()
      return rows
    },
  }
}
