/** Who is signed in on this browser. */
import { shallowRef } from 'vue'
import { ApiError, call } from './client.ts'

export interface SessionUser {
  readonly username: string
  readonly name: string
  readonly role: 'administrator' | 'desk' | 'engineer' | 'manager' | 'supervisor'
  readonly estates: readonly string[] | '*'
}

/** undefined = nobody, or not asked yet. */
export const session = shallowRef<SessionUser>()

/** Asks the server whose cookie this is. @returns undefined when nobody is signed in; an unreachable server is not "nobody". */
export async function loadSession(): Promise<SessionUser | undefined> {
  try {
    session.value = (await call<{ user: SessionUser }>('/session')).user
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    session.value = undefined
  }
  return session.value
}

/** @throws ApiError `wrong-credentials` or `too-many-failures` */
export async function signIn(username: string, password: string): Promise<SessionUser> {
  const { user } = await call<{ user: SessionUser }>('/session', { method: 'POST', body: { username, password } })
  session.value = user
  return user
}

export async function signOut(): Promise<void> {
  await call('/session', { method: 'DELETE' })
  session.value = undefined
}

/** May this person acknowledge, comment on and reset alarms? (Supervisors comment only; the server decides, this only dims the buttons.) */
export function mayActOnAlarms(user: SessionUser | undefined): boolean {
  return user !== undefined && user.role !== 'supervisor'
}

export function mayComment(user: SessionUser | undefined): boolean {
  return mayActOnAlarms(user) || user?.role === 'supervisor'
}
