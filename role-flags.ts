/** What Node is told for a role's process. */
import type { Role } from './domain/role-status.ts'

/** Thousands of messages are under way in the broker while a commit runs; in V8's 16 MiB for young objects half of its time went into copying them (measured 11/2026: 88,000 acknowledged a second, with 64 MiB 105,000). */
export const NODE_FLAGS: Readonly<Partial<Record<Role, readonly string[]>>> = { broker: ['--max-semi-space-size=64'] }
