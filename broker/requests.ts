/** What the other roles may ask of the broker over its door, beside appending. */
import type { BrokerStats } from '../domain/broker-stats.ts'
import type { Credential } from '../domain/credential.ts'
import { AppError } from '../domain/errors.ts'
import { toClientStats, type Connections } from './connections.ts'
import type { Consumers } from './consumers.ts'
import type { CredentialBook } from './credential-book.ts'
import type { Disk } from './disk.ts'
import type { DoorHandler } from './door.ts'
import type { DurableMemory } from './durable-memory.ts'
import { listSegments, segmentBytes } from './journal/segments.ts'
import type { EmbeddedJournalWriter } from './journal/writer.ts'
import type { Refusals } from './refusals.ts'

export function createRequests(options: {
  readonly book: CredentialBook
  readonly connections: Connections
  readonly memory: DurableMemory
  readonly refusals: Refusals
  readonly disk: Disk
  readonly journal: EmbeddedJournalWriter
  readonly journalFolder: string
  readonly consumers: Consumers
}): Readonly<Record<string, DoorHandler>> {
  const { book, connections, memory, consumers } = options
  return {
    /** `{revision, credentials}`: the whole list. Answered when those revoked, rotated or with other rights are disconnected. */
    credentials: async (body) => {
      const { credentials } = body as { readonly credentials?: readonly Credential[] }
      if (!Array.isArray(credentials)) throw new AppError('bad-request', 'credentials is not a list.')
      const { removed, changed, estatesLeft } = book.replace(credentials as readonly Credential[])
      const touched = new Set([...removed, ...changed])
      if (touched.size > 0) await connections.end(({ credential }) => touched.has(credential.username), { willReturn: false })
      for (const username of removed) await memory.dropSessionsOf(username)
      for (const username of changed) await memory.dropDisallowedOf(username)
      for (const estate of estatesLeft) await memory.dropRetainedBelow(`estates/${estate}/`)
      return { disconnected: touched.size }
    },
    stats: (): BrokerStats => {
      const segments = listSegments(options.journalFolder)
      const head = options.journal.head()
      return {
        journal: {
          first: segments[0]?.first ?? head + 1,
          head,
          bytes: segments.reduce((sum, segment) => sum + segmentBytes(segment), 0),
          segments: segments.length,
        },
        clients: connections.all().map(toClientStats),
        refusals: options.refusals.list(),
        disk: { freeMib: options.disk.freeMib(), stage: options.disk.stage() },
        waiting: options.journal.waiting(),
      }
    },
    /** `{name, cursor}`: a consumer has committed up to there; segments that all have passed may be cut. */
    committed: (body) => {
      const { name, cursor } = body as { readonly name?: unknown; readonly cursor?: unknown }
      if (typeof name !== 'string' || typeof cursor !== 'number') throw new AppError('bad-request', 'committed takes {name, cursor}.')
      consumers.committed(name, cursor)
    },
    consumers: () => ({ head: options.journal.head(), consumers: consumers.list() }),
    /** `{name}`: it will not come back, or what it has not read may be lost to it. */
    gone: (body) => {
      const { name } = body as { readonly name?: unknown }
      if (typeof name !== 'string') throw new AppError('bad-request', 'gone takes {name}.')
      if (!consumers.declareGone(name)) throw new AppError('not-found', `No consumer is named ${name}.`)
    },
  }
}
