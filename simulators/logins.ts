/** Finds the credentials that simulated gateways connect with: from a file, from the running system, or none. */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { credentialUsername } from '../domain/credential.ts'
import { AppError } from '../domain/errors.ts'
import type { Estate } from '../domain/estate.ts'
import type { RestClient } from './rest-client.ts'
import type { Login } from './virtual-gateway.ts'

export type Logins = Readonly<Record<string, Login>>

const logins = z.record(z.string(), z.object({ username: z.string(), password: z.string() }))
const file = z.union([z.object({ estates: z.record(z.string(), logins) }).transform(({ estates }) => ({ estates })), logins])

/** One estate's part of a file as the dashboard server writes it, or a file for this estate alone. @throws RangeError */
export function readLogins(path: string, estate: string): Logins {
  if (!existsSync(path)) throw new RangeError(`there is no file ${path}`)
  const parsed = file.safeParse(parseJson(path))
  if (!parsed.success) throw new RangeError(`${path} must hold {"<gateway>": {"username", "password"}}`)
  if (!('estates' in parsed.data) || 'username' in parsed.data.estates) return parsed.data as Logins
  const own = (parsed.data.estates as Readonly<Record<string, Logins>>)[estate]
  if (!own) throw new RangeError(`${path} has no credentials for estate ${estate}`)
  return own
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new RangeError(`${path} is not JSON: ${error.message}`)
    throw error
  }
}

/** Asks the running system for a credential of each gateway. @throws AppError, RangeError */
export async function makeLogins(rest: RestClient, estate: Estate, { rotate }: { readonly rotate: boolean }): Promise<Logins> {
  const path = `/estates/${encodeURIComponent(estate.id)}`
  const made: Record<string, Login> = {}
  for (const { id } of estate.devices.filter(({ kind }) => kind === 'gateway'))
    made[id] = await rest.call<Login>('POST', `${path}/gateways`, { name: id }).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code !== 'already-exists') throw error
      if (!rotate) throw new RangeError(`gateway ${id} has a credential already: give it with --credentials, or replace it with --rotate`)
      const username = credentialUsername({ type: 'gateway', estate: estate.id, gateway: id })
      return rest.call<Login>('POST', `${path}/credentials/${username}/rotate`)
    })
  return made
}
