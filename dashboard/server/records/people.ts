/** The people who may sign in: role, estates and a hash of the password. */
import type { EpochMs } from '../../../domain/clock.ts'
import { AppError } from '../../../domain/errors.ts'
import { ROLES, type PersonRole, type User } from '../access.ts'
import type { RecordsDatabase } from './database.ts'
import { hashPassword, isPassword } from './passwords.ts'

export async function listPeople(records: RecordsDatabase): Promise<readonly User[]> {
  const rows = await records.selectFrom('person').select(['username', 'name', 'role', 'estates']).orderBy('username').execute()
  return rows.map(toUser)
}

/** @throws AppError `already-exists` */
export async function addPerson(
  records: RecordsDatabase,
  person: User,
  options: { readonly password: string; readonly now: EpochMs },
): Promise<void> {
  const passwordHash = await hashPassword(options.password)
  const { numInsertedOrUpdatedRows } = await records
    .insertInto('person')
    .values({
      ...toRow(person),
      username: person.username,
      password_hash: passwordHash,
      created_at: options.now,
      password_set_at: options.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows !== 1n) throw new AppError('already-exists', `A person with the user name ${person.username} exists.`)
}

/** @throws AppError `not-found`, `bad-request` for the last administrator */
export async function changePerson(
  records: RecordsDatabase,
  username: string,
  change: Partial<Pick<User, 'name' | 'role' | 'estates'>>,
): Promise<User> {
  const person = await findPerson(records, username)
  const next = { ...person, ...change }
  if (next.role !== 'administrator') await keepAnAdministrator(records, person)
  await records.updateTable('person').set(toRow(next)).where('username', '=', username).execute()
  return next
}

/** Their sessions go with them. @throws AppError `not-found`, `bad-request` for the last administrator */
export async function removePerson(records: RecordsDatabase, username: string): Promise<void> {
  await keepAnAdministrator(records, await findPerson(records, username))
  await records.deleteFrom('person').where('username', '=', username).execute()
}

/** @throws AppError `not-found` */
export async function setPassword(
  records: RecordsDatabase,
  username: string,
  options: { readonly password: string; readonly now: EpochMs },
): Promise<void> {
  await findPerson(records, username)
  const passwordHash = await hashPassword(options.password)
  await records
    .updateTable('person')
    .set({ password_hash: passwordHash, password_set_at: options.now })
    .where('username', '=', username)
    .execute()
}

/** @returns the person whose user name and password these are. */
export async function checkPassword(records: RecordsDatabase, username: string, password: string): Promise<User | undefined> {
  const row = await records.selectFrom('person').selectAll().where('username', '=', username).executeTakeFirst()
  return (await isPassword(password, row?.password_hash)) && row ? toUser(row) : undefined
}

export function toUser(row: { username: string; name: string; role: string; estates: string }): User {
  const role = ROLES.find((known) => known === row.role)
  if (!role) throw new AppError('internal-error', `The person ${row.username} has the unknown role ${row.role}.`)
  return { username: row.username, name: row.name, role, estates: JSON.parse(row.estates) as User['estates'] }
}

async function findPerson(records: RecordsDatabase, username: string): Promise<User> {
  const row = await records.selectFrom('person').selectAll().where('username', '=', username).executeTakeFirst()
  if (!row) throw new AppError('not-found', `There is no person with the user name ${username}.`)
  return toUser(row)
}

async function keepAnAdministrator(records: RecordsDatabase, person: User): Promise<void> {
  if (person.role !== 'administrator') return
  const { others } = await records
    .selectFrom('person')
    .select(({ fn }) => fn.countAll<number>().as('others'))
    .where('role', '=', 'administrator' satisfies PersonRole)
    .where('username', '!=', person.username)
    .executeTakeFirstOrThrow()
  if (others === 0) throw new AppError('bad-request', `${person.username} is the last administrator: make another one first.`)
}

function toRow({ name, role, estates }: User) {
  return { name, role, estates: JSON.stringify(estates) }
}
