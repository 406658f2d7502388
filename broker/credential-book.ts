/** The credentials as the broker knows them: hashes only, kept over restarts, replaced as a whole by the dashboard server. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Credential } from '../domain/credential.ts'
import type { BrokerDb } from './broker-db.ts'

export interface Replaced {
  readonly removed: readonly string[]
  readonly changed: readonly string[]
  readonly estatesLeft: readonly string[]
}

export interface CredentialBook {
  isEmpty(): boolean
  find(username: string): Credential | undefined
  /** @returns the credential if the password is its own. */
  check(username: string, password: Uint8Array): Credential | undefined
  /** @returns the user names whose record went or is another one now, and the estates that have none any more. */
  replace(credentials: readonly Credential[]): Replaced
}

export function openCredentialBook(db: BrokerDb): CredentialBook {
  const book = new Map(db.credentials().map((credential) => [credential.username, credential]))
  return {
    isEmpty: () => book.size === 0,
    find: (username) => book.get(username),
    check: (username, password) => {
      const credential = book.get(username)
      const hash = createHash('sha256').update(password).digest()
      const expected = credential ? Buffer.from(credential.passwordSha256, 'hex') : Buffer.alloc(hash.length)
      return expected.length === hash.length && timingSafeEqual(hash, expected) ? credential : undefined
    },
    replace: (credentials) => {
      const next = new Map(credentials.map((credential) => [credential.username, credential]))
      const removed = [...book.keys()].filter((username) => !next.has(username))
      const changed = credentials.filter((credential) => !isSame(book.get(credential.username), credential))
      const replaced = changed.filter(({ username }) => book.has(username)).map(({ username }) => username)
      const before = estatesOf(book.values())
      if (removed.length + changed.length > 0) db.changeCredentials(changed, removed)
      for (const username of removed) book.delete(username)
      for (const credential of changed) book.set(credential.username, credential)
      const after = estatesOf(book.values())
      return { removed, changed: replaced, estatesLeft: [...before].filter((estate) => !after.has(estate)) }
    },
  }
}

function isSame(a: Credential | undefined, b: Credential): boolean {
  return (
    a !== undefined &&
    a.passwordSha256 === b.passwordSha256 &&
    JSON.stringify([a.owner, a.publish, a.subscribe]) === JSON.stringify([b.owner, b.publish, b.subscribe])
  )
}

function estatesOf(credentials: Iterable<Credential>): ReadonlySet<string> {
  return new Set([...credentials].map(({ owner }) => owner.estate))
}
