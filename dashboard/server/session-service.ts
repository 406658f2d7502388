/** Signing in and out, and telling the live feed at once when a session ends or a person changes. */
import { EventEmitter } from 'node:events'
import type { Clock } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import type { User } from './access.ts'
import { createLoginLimit } from './login-limit.ts'
import type { RecordsDatabase } from './records/database.ts'
import { PASSWORD_MIN, sha256 } from './records/passwords.ts'
import { changePerson, checkPassword, removePerson, setPassword } from './records/people.ts'
import { endSession, endSessionsOf, openSession, useSession, type Session } from './records/sessions.ts'

export interface SessionService {
  /** @throws AppError `wrong-credentials`, `too-many-failures` */
  signIn(who: {
    readonly address: string
    readonly username: string
    readonly password: string
  }): Promise<{ token: string; session: Session }>
  /** @returns undefined when there is no such session or it has ended. */
  use(token: string): Promise<{ session: Session; renewed: boolean } | undefined>
  signOut(session: Session): Promise<void>
  /** Ends all other sessions of the person. @throws AppError `wrong-credentials`, `bad-request` */
  changePassword(session: Session, passwords: { readonly old: string; readonly new: string }): Promise<void>
  resetPassword(username: string, password: string): Promise<void>
  changePerson(username: string, change: Partial<Pick<User, 'name' | 'role' | 'estates'>>): Promise<User>
  removePerson(username: string): Promise<void>
  /** A session may have ended or a person changed: the feed looks each of its sessions up again. */
  onChange(listener: () => void): () => void
}

export function createSessionService(options: {
  readonly records: RecordsDatabase
  readonly clock: Clock
  /** A person has another password now. */
  readonly onPassword?: (username: string) => void
}): SessionService {
  const { records, clock } = options
  const limit = createLoginLimit()
  const events = new EventEmitter().setMaxListeners(0)
  const changed = () => void events.emit('change')

  return {
    signIn: async ({ address, username, password }) => {
      const pair = { address, username }
      const now = clock()
      if (limit.isBlocked(pair, now)) throw new AppError('too-many-failures')
      limit.attempt(pair, now)
      const user = await checkPassword(records, username, password)
      if (!user) throw new AppError('wrong-credentials')
      limit.succeed(pair)
      return openSession(records, user, clock())
    },
    use: (token) => useSession(records, sha256(token), clock()),
    signOut: async (session) => {
      await endSession(records, session.id)
      changed()
    },
    changePassword: async (session, passwords) => {
      const { username } = session.user
      if (passwords.new.length < PASSWORD_MIN)
        throw new AppError('bad-request', undefined, { fields: [{ path: '/new', rule: `must have at least ${PASSWORD_MIN} characters` }] })
      if (!(await checkPassword(records, username, passwords.old))) throw new AppError('wrong-credentials')
      await setPassword(records, username, { password: passwords.new, now: clock() })
      await endSessionsOf(records, username, session.id)
      options.onPassword?.(username)
      changed()
    },
    resetPassword: async (username, password) => {
      await setPassword(records, username, { password, now: clock() })
      await endSessionsOf(records, username)
      options.onPassword?.(username)
      changed()
    },
    changePerson: async (username, change) => {
      const user = await changePerson(records, username, change)
      // How long a session lasts hangs on the role: a new role signs in anew.
      if (change.role !== undefined) await endSessionsOf(records, username)
      changed()
      return user
    },
    removePerson: async (username) => {
      await removePerson(records, username)
      changed()
    },
    onChange: (listener) => {
      events.on('change', listener)
      return () => void events.off('change', listener)
    },
  }
}
