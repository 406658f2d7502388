/** In which order alarms stand in a queue, and which of them is the one thing that matters. */
import { isStanding, type Alarm, type AlarmState } from '../../../domain/alarm.ts'

const RANK: Readonly<Record<AlarmState, number>> = {
  unacknowledged: 0,
  acknowledged: 1,
  latched: 2,
  returned: 3,
  shelved: 4,
  suppressed: 5,
  'out-of-service': 6,
  closed: 7,
}

/** By priority, then what nobody has taken (the longest waiting first), then the rest with the newest first. */
export function compareAlarms(a: Alarm, b: Alarm): number {
  if (a.priority !== b.priority) return a.priority - b.priority
  if (a.state !== b.state) return RANK[a.state] - RANK[b.state]
  const older = a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1)
  return a.state === 'unacknowledged' ? older : -older
}

export function standingAlarms(alarms: Iterable<Alarm>): Alarm[] {
  return [...alarms].filter(isStanding).sort(compareAlarms)
}

/** Shelved, suppressed, out of service: evaluated, but without sound. */
export function quietAlarms(alarms: Iterable<Alarm>): Alarm[] {
  return [...alarms].filter((alarm) => !isStanding(alarm) && alarm.state !== 'closed').sort(compareAlarms)
}

/** The unacknowledged alarm of the highest priority, the oldest first. */
export function headAlarm(alarms: Iterable<Alarm>): Alarm | undefined {
  return standingAlarms(alarms).find((alarm) => alarm.state === 'unacknowledged')
}

/**
 * Keeps rows where they are while a key or pointer is on the queue: known ids keep their place, new ones go in at the end,
 * gone ones leave. @returns ids
 */
export function heldOrder(shown: readonly string[], wanted: readonly string[], held: boolean): readonly string[] {
  if (!held) return wanted
  const still = new Set(wanted)
  const known = new Set(shown)
  return [...shown.filter((id) => still.has(id)), ...wanted.filter((id) => !known.has(id))]
}
