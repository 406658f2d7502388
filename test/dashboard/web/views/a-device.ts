/** A device that is well and an alarm that stands, for tests that change one thing of them. */
import type { Alarm } from '../../../../domain/alarm.ts'
import type { DeviceState } from '../../../../domain/live.ts'

export const NOW = Date.UTC(2026, 10, 24, 18, 41, 19)

export function device(id: string, changes: Partial<DeviceState> = {}): DeviceState {
  return { id, kind: 'camera', name: id, status: 'online', observedAt: NOW - 3000, receivedAt: NOW - 2900, reading: {}, ...changes }
}

export function alarm(changes: Partial<Alarm> = {}): Alarm {
  return {
    id: `a-${changes.device ?? 'x'}`,
    transition: 1,
    estate: 'yangqu-760',
    kind: 'camera',
    device: 'x',
    code: 'silent',
    priority: 3,
    state: 'unacknowledged',
    late: false,
    raisedAt: NOW - 60_000,
    returnedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    shelved: null,
    suppressedBy: null,
    responsible: null,
    decisionMaker: null,
    detail: {},
    comments: [],
    ...changes,
  }
}
