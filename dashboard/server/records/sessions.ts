/** Sessions: a random token in the cookie, its SHA-256 here, so that each can be ended and a copy of the file lets nobody in. */
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs } from '../../../domain/clock.ts'
import type { User } from '../access.ts'
import type { RecordsDatabase } from './database.ts'
import { makeSecret, sha256 } from './passwords.ts'
import { toUser } from './people.ts'

/** A desk runs night and day: 30 days from its last use. Everybody else: 12 h from signing in. */
export const DESK_SESSION_MS = 30 * DAY_MS
export const SESSION_MS = 12 * HOUR_MS
/** How exactly the last use of a desk's session is known. */
const USE_GRAIN_MS = MINUTE_MS

export interface Session {
  /** SHA-256 of the token: the name by which the session is known inside. */
  readonly id: string
  readonly user: User
  readonly expiresAt: EpochMs
}

export async function openSession(
  records: RecordsDatabase,
  user: User,
  now: EpochMs,
): Promise<{ readonly token: string; readonly session: Session }> {
  const token = makeSecret()
  const session: Session = { id: sha256(token), user, expiresAt: now + lengthFor(user) }
  await records.deleteFrom('session').where('expires_at', '<=', now).execute()
  await records
    .insertInto('session')
    .values({ token_sha256: session.id, username: user.username, created_at: now, last_used_at: now, expires_at: session.expiresAt })
    .execute()
  return { token, session }
}

/** Looks the session up and counts this as a use. `renewed` when the cookie of a desk must be given its new age. */
export async function useSession(
  records: RecordsDatabase,
  id: string,
  now: EpochMs,
): Promise<{ readonly session: Session; readonly renewed: boolean } | undefined> {
  const row = await records
    .selectFrom('session')
    .innerJoin('person', 'person.username', 'session.username')
    .select(['person.username', 'person.name', 'person.role', 'person.estates', 'session.last_used_at', 'session.expires_at'])
    .where('session.token_sha256', '=', id)
    .where('session.expires_at', '>', now)
    .executeTakeFirst()
  if (!row) return undefined
  const user = toUser(row)
  if (user.role !== 'desk' || now - row.last_used_at < USE_GRAIN_MS)
    return { session: { id, user, expiresAt: row.expires_at }, renewed: false }
  const expiresAt = now + DESK_SESSION_MS
  await records.updateTable('session').set({ last_used_at: now, expires_at: expiresAt }).where('token_sha256', '=', id).execute()
  return { session: { id, user, expiresAt }, renewed: true }
}

export async function endSession(records: RecordsDatabase, id: string): Promise<void> {
  await records.deleteFrom('session').where('token_sha256', '=', id).execute()
}

/** Ends a person's sessions but the one named. @returns those that were ended. */
export async function endSessionsOf(records: RecordsDatabase, username: string, exceptId?: string): Promise<readonly string[]> {
  const rows = await records
    .deleteFrom('session')
    .where('username', '=', username)
    .$if(exceptId !== undefined, (query) => query.where('token_sha256', '!=', exceptId!))
    .returning('token_sha256')
    .execute()
  return rows.map(({ token_sha256 }) => token_sha256)
}

function lengthFor(user: User): number {
  return user.role === 'desk' ? DESK_SESSION_MS : SESSION_MS
}
