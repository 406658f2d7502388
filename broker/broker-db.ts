/** What the broker itself must find again after a restart: kept sessions, retained messages, hashes of credentials, the last tick, how far the consumers are. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Credential } from '../domain/credential.ts'
import { openMigrated } from '../storage/migrations.ts'

const STEPS = [
  `create table subscription (client text not null, filter text not null, qos integer not null, used integer not null,
     primary key (client, filter)) without rowid;
   create table retained (topic text primary key, owner text not null, qos integer not null, payload blob not null) without rowid;
   create table credential (username text primary key, record text not null) without rowid;
   create table consumer (name text primary key, cursor integer not null) without rowid;
   create table state (key text primary key, value text not null) without rowid;`,
]

export interface KeptSubscription {
  readonly topic: string
  readonly qos: 0 | 1 | 2
}

export interface KeptMessage {
  readonly topic: string
  readonly owner: string
  readonly qos: 0 | 1 | 2
  readonly payload: Uint8Array
}

export type BrokerDb = ReturnType<typeof openBrokerDb>

/** A killed process loses nothing; a loss of power may lose the last moments of sessions (`synchronous=NORMAL`), never messages. */
export function openBrokerDb(dataDir: string) {
  mkdirSync(dataDir, { recursive: true })
  const db = openMigrated(join(dataDir, 'broker.db'), STEPS, { synchronous: 'NORMAL' })
  const putSubscription = db.prepare('insert or replace into subscription (client, filter, qos, used) values (?, ?, ?, ?)')
  const dropSubscription = db.prepare('delete from subscription where client = ? and filter = ?')
  const dropClient = db.prepare('delete from subscription where client = ?')
  const touchClient = db.prepare('update subscription set used = ? where client = ?')
  const putRetained = db.prepare('insert or replace into retained (topic, owner, qos, payload) values (?, ?, ?, ?)')
  const dropRetained = db.prepare('delete from retained where topic = ?')
  const putCredential = db.prepare('insert or replace into credential (username, record) values (?, ?)')
  const dropCredential = db.prepare('delete from credential where username = ?')
  const putConsumer = db.prepare('insert or replace into consumer (name, cursor) values (?, ?)')
  const putState = db.prepare('insert or replace into state (key, value) values (?, ?)')
  const getState = db.prepare('select value from state where key = ?')
  return {
    putSubscriptions: (client: string, subscriptions: readonly KeptSubscription[], usedAt: number) =>
      db.transaction(() => {
        for (const { topic, qos } of subscriptions) putSubscription.run(client, topic, qos, usedAt)
      }),
    dropSubscriptions: (client: string, filters: readonly string[]) =>
      db.transaction(() => {
        for (const filter of filters) dropSubscription.run(client, filter)
      }),
    dropClient: (client: string) => void dropClient.run(client),
    touchClient: (client: string, usedAt: number) => void touchClient.run(usedAt, client),
    /** By client, the longest unused first. */
    subscriptions: () => {
      const byClient = new Map<string, KeptSubscription[]>()
      for (const row of db.prepare('select client, filter, qos from subscription order by used, client').all()) {
        const client = row['client'] as string
        const kept = byClient.get(client) ?? []
        kept.push({ topic: row['filter'] as string, qos: row['qos'] as 0 | 1 | 2 })
        byClient.set(client, kept)
      }
      return byClient
    },
    putRetained: ({ topic, owner, qos, payload }: KeptMessage) => void putRetained.run(topic, owner, qos, payload),
    dropRetained: (topic: string) => void dropRetained.run(topic),
    retained: () => db.prepare('select topic, owner, qos, payload from retained').all() as unknown as readonly KeptMessage[],
    changeCredentials: (changed: readonly Credential[], removed: readonly string[]) =>
      db.transaction(() => {
        for (const credential of changed) putCredential.run(credential.username, JSON.stringify(credential))
        for (const username of removed) dropCredential.run(username)
      }),
    credentials: () =>
      db
        .prepare('select record from credential')
        .all()
        .map((row) => JSON.parse(row['record'] as string) as Credential),
    putConsumer: (name: string, cursor: number) => void putConsumer.run(name, cursor),
    consumers: () =>
      new Map(
        db
          .prepare('select name, cursor from consumer')
          .all()
          .map((row) => [row['name'] as string, row['cursor'] as number]),
      ),
    putState: (key: string, value: unknown) => void putState.run(key, JSON.stringify(value)),
    getState: <T>(key: string) => {
      const value = getState.get(key)?.['value']
      return typeof value === 'string' ? (JSON.parse(value) as T) : undefined
    },
    close: () => db.close(),
  }
}
