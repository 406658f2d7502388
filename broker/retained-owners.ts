/** Whose each retained message is, so that no credential keeps more of them than its share. */
import { SYSTEM_CLIENT } from '../domain/system.ts'

/** Contract: 1,000 a credential below ext/; a gateway has one for each device and itself. */
export const RETAINED_PER_CREDENTIAL = 1_000
export const RETAINED_PER_GATEWAY = 10_000

export interface RetainedOwners {
  get(topic: string): string
  set(topic: string, owner: string): void
  delete(topic: string): void
  topics(): readonly string[]
  /** May this credential keep one more, or the one it replaces? If so the topic is its own from now on. */
  claim(topic: string, owner: string, limit: number): boolean
}

export function createRetainedOwners(): RetainedOwners {
  const owners = new Map<string, string>()
  const counts = new Map<string, number>()
  const change = (owner: string, by: number) => {
    const count = (counts.get(owner) ?? 0) + by
    if (count > 0) counts.set(owner, count)
    else counts.delete(owner)
  }
  const drop = (topic: string) => {
    const owner = owners.get(topic)
    if (owner === undefined) return
    owners.delete(topic)
    change(owner, -1)
  }
  const put = (topic: string, owner: string) => {
    drop(topic)
    owners.set(topic, owner)
    change(owner, 1)
  }
  return {
    get: (topic) => owners.get(topic) ?? SYSTEM_CLIENT,
    set: put,
    delete: drop,
    topics: () => [...owners.keys()],
    claim: (topic, owner, limit) => {
      if (owners.get(topic) === owner) return true
      if ((counts.get(owner) ?? 0) >= limit) return false
      put(topic, owner)
      return true
    },
  }
}
