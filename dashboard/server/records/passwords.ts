/** Passwords of people (argon2id) and secrets of machines (256 random bits, so a fast hash is enough). Neither is kept or logged. */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane (15 ms here). The library's default algorithm is argon2id.
const OPTIONS = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const
const AT_ONCE = 2
/** No 0, o, 1, l, i: people read it out. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 256

/** Hashes take turns, so that a crowd of log-ins holds a bounded part of memory and of the thread pool. */
let running = 0
const queue: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve))
  else running++
  try {
    return await work()
  } finally {
    const next = queue.shift()
    if (next) next()
    else running--
  }
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, OPTIONS))
}

/** Takes as long for a person who does not exist, so that names cannot be guessed by time. */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const right = await inTurn(async () => verify(passwordHash ?? (await nobody()), password))
  return right && passwordHash !== undefined
}

let nobodysHash: Promise<string> | undefined
function nobody(): Promise<string> {
  nobodysHash ??= hash(randomBytes(16).toString('hex'), OPTIONS)
  return nobodysHash
}

/** 20 letters in groups of five: 99 bits. */
export function makePassword(): string {
  const letters = Array.from({ length: 20 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return letters.replace(/(.{5})(?=.)/g, '$1-')
}

/** 256 bits for a session, a gateway, a device or another system. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
