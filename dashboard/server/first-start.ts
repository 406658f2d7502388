/** Makes the first administrator, with the password of the settings or one of our own that is kept in `DATA_DIR/admin-password`. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs } from '../../domain/clock.ts'
import type { RecordsDatabase } from './records/database.ts'
import { makePassword } from './records/passwords.ts'
import { addPerson, listPeople } from './records/people.ts'

export const ADMIN = 'admin'

export async function ensureAdministrator(options: {
  readonly records: RecordsDatabase
  readonly dataDir: string
  readonly password: string | undefined
  readonly now: EpochMs
}): Promise<void> {
  if ((await listPeople(options.records)).length > 0) return
  const password = options.password ?? makePassword()
  // The file first: without it nobody could sign in after a kill in between.
  if (options.password === undefined) writeFileSync(passwordPath(options.dataDir), `${password}\n`, { mode: 0o600 })
  await addPerson(options.records, { username: ADMIN, name: '管理员', role: 'administrator', estates: '*' }, { password, now: options.now })
}

/** What is in the file is wrong once the administrator has chosen a password. */
export function forgetFirstPassword(dataDir: string): void {
  rmSync(passwordPath(dataDir), { force: true })
}

function passwordPath(dataDir: string): string {
  return join(dataDir, 'admin-password')
}
