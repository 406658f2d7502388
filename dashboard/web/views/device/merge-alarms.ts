/** Puts alarms that were asked for and alarms that came live together: the later transition of each, newest first. */
import type { Alarm } from '../../../../domain/alarm.ts'

export function mergeAlarms(asked: readonly Alarm[], live: readonly Alarm[]): readonly Alarm[] {
  const byId = new Map<string, Alarm>()
  for (const alarm of [...asked, ...live]) {
    const have = byId.get(alarm.id)
    if (!have || alarm.transition >= have.transition) byId.set(alarm.id, alarm)
  }
  return [...byId.values()].sort((a, b) => b.raisedAt - a.raisedAt)
}
