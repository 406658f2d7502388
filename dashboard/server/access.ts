/** Who may do what: decided from the role and the estates of a person, for every call and every live message. */
import { AppError } from '../../domain/errors.ts'

export const ROLES = ['administrator', 'desk', 'engineer', 'manager', 'supervisor'] as const
export type PersonRole = (typeof ROLES)[number]

export interface User {
  readonly username: string
  readonly name: string
  readonly role: PersonRole
  readonly estates: readonly string[] | '*'
}

/** `act` on alarms, `comment` on them, `administer` people, credentials, channels and estates, `operate`: see the operations page and replay dead letters. Everybody signed in may read their estates. */
export type Right = 'act' | 'comment' | 'administer' | 'operate'

const RIGHTS: Readonly<Record<PersonRole, readonly Right[]>> = {
  administrator: ['act', 'comment', 'administer', 'operate'],
  desk: ['act', 'comment'],
  engineer: ['act', 'comment', 'operate'],
  manager: ['act', 'comment', 'operate'],
  supervisor: ['comment'],
}

export function may(user: User, right: Right): boolean {
  return RIGHTS[user.role].includes(right)
}

export function maySee(user: User, estate: string): boolean {
  return user.estates === '*' || user.estates.includes(estate)
}

/** @throws AppError `not-your-role` */
export function demandRight(user: User, right: Right): void {
  if (!may(user, right)) throw new AppError('not-your-role', `The role ${user.role} may not do this.`)
}

/** @throws AppError `not-your-estate`, also for an estate that does not exist: those who may not see it learn nothing of it. */
export function demandEstate(user: User, estate: string): void {
  if (!maySee(user, estate)) throw new AppError('not-your-estate')
}
