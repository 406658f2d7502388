/** An alarm as the engine would tell of it, for tests. */
import type { Alarm } from '../../../../domain/alarm.ts'

export const alarm = (change: Partial<Alarm> = {}): Alarm => ({
  id: 'a-1',
  transition: 1,
  estate: 'e',
  kind: 'fence-zone',
  device: 'zone-1',
  code: 'cut',
  priority: 1,
  state: 'unacknowledged',
  late: false,
  raisedAt: 100,
  returnedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  shelved: null,
  suppressedBy: null,
  responsible: null,
  decisionMaker: null,
  detail: {},
  comments: [],
  ...change,
})
