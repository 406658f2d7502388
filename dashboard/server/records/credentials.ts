/** The credentials of gateways, devices and other systems: only the SHA-256 of a secret is kept, and only that is told to the broker. */
import type { EpochMs } from '../../../domain/clock.ts'
import { credentialUsername, type Credential, type CredentialOwner } from '../../../domain/credential.ts'
import { AppError } from '../../../domain/errors.ts'
import type { RecordsDatabase } from './database.ts'
import { makeSecret, sha256 } from './passwords.ts'

export interface CredentialRecord extends Credential {
  readonly createdAt: EpochMs
  readonly rotatedAt: EpochMs | null
}

/** Shown once. */
export interface NewCredential {
  readonly username: string
  readonly password: string
}

export async function listCredentials(records: RecordsDatabase, estate?: string): Promise<readonly CredentialRecord[]> {
  const rows = await records
    .selectFrom('credential')
    .selectAll()
    .$if(estate !== undefined, (query) => query.where('estate', '=', estate!))
    .orderBy('username')
    .execute()
  return rows.map((row) => ({
    username: row.username,
    passwordSha256: row.password_sha256,
    owner: JSON.parse(row.owner) as CredentialOwner,
    publish: JSON.parse(row.publish) as string[],
    subscribe: JSON.parse(row.subscribe) as string[],
    createdAt: row.created_at,
    rotatedAt: row.rotated_at,
  }))
}

/** @throws AppError `already-exists` */
export async function addCredential(
  records: RecordsDatabase,
  owner: CredentialOwner,
  options: { readonly now: EpochMs; readonly publish?: readonly string[]; readonly subscribe?: readonly string[] },
): Promise<NewCredential> {
  const username = credentialUsername(owner)
  const password = makeSecret()
  const { numInsertedOrUpdatedRows } = await records
    .insertInto('credential')
    .values({
      username,
      estate: owner.estate,
      owner: JSON.stringify(owner),
      password_sha256: sha256(password),
      publish: JSON.stringify(options.publish ?? []),
      subscribe: JSON.stringify(options.subscribe ?? []),
      created_at: options.now,
      rotated_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows !== 1n) throw new AppError('already-exists', `${username} exists: rotate it to get a new password.`)
  return { username, password }
}

/** @throws AppError `not-found` */
export async function rotateCredential(
  records: RecordsDatabase,
  key: { readonly estate: string; readonly username: string },
  now: EpochMs,
): Promise<NewCredential> {
  const password = makeSecret()
  const { numUpdatedRows } = await records
    .updateTable('credential')
    .set({ password_sha256: sha256(password), rotated_at: now })
    .where('username', '=', key.username)
    .where('estate', '=', key.estate)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows !== 1n) throw notFound(key.username)
  return { username: key.username, password }
}

/** @throws AppError `not-found` */
export async function removeCredential(
  records: RecordsDatabase,
  key: { readonly estate: string; readonly username: string },
): Promise<void> {
  const { numDeletedRows } = await records
    .deleteFrom('credential')
    .where('username', '=', key.username)
    .where('estate', '=', key.estate)
    .executeTakeFirstOrThrow()
  if (numDeletedRows !== 1n) throw notFound(key.username)
}

function notFound(username: string): AppError {
  return new AppError('not-found', `This estate has no credential ${username}.`)
}
