/** What the broker tells of its clients and its journal when asked. */
import type { BrokerStats } from '../../domain/broker-stats.ts'
import type { BrokerLink } from '../../domain/journal.ts'

const WAIT_MS = 1000

/** @returns undefined while the broker is away: the rest of the page is still of use. */
export async function askBroker(broker: BrokerLink): Promise<BrokerStats | undefined> {
  if (!broker.connected()) return undefined
  return broker.request<BrokerStats>('stats', undefined, { timeoutMs: WAIT_MS }).catch(() => undefined)
}
