/** A calm estate with fresh data, for tests that change one thing of it. */
import type { EstateSummary } from '../../../../../domain/live.ts'

export const NOW = Date.UTC(2026, 10, 24, 18, 41, 19)

export function estate(id: string, changes: Partial<EstateSummary> = {}): EstateSummary {
  const none = { p1: 0, p2: 0, p3: 0 }
  return {
    id,
    name: id,
    devices: { camera: { total: 4, online: 4 } },
    standing: none,
    unacknowledged: none,
    oldestUnacknowledgedAt: null,
    newestReceivedAt: NOW - 3000,
    ...changes,
  }
}
