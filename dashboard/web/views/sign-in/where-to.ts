/** Where a person goes after signing in: back to the page that was asked for, to the desk of their one estate, or to all of them. */
import type { SessionUser } from '../../api/session.ts'

/** @param asked the address kept by the router; anything but a path of this site is ignored */
export function whereTo(user: Pick<SessionUser, 'estates'>, asked: unknown): string {
  if (typeof asked === 'string' && /^\/(?![/\\])/.test(asked) && asked !== '/' && asked !== '/estates' && !asked.startsWith('/sign-in'))
    return asked
  const only = user.estates !== '*' && user.estates.length === 1 ? user.estates[0] : undefined
  return only === undefined ? '/estates' : `/estates/${only}`
}
