/** How a fence zone is drawn: normal, disarmed, not known, or in the hue of the alarm that stands on it. */
import type { Alarm } from '../../../../../domain/alarm.ts'
import type { DeviceState } from '../../../../../domain/live.ts'
import type { Priority } from '../../../../../domain/rule.ts'

export interface ZoneLook {
  readonly line: 'normal' | 'disarmed' | 'unknown'
  /** The most urgent alarm whose condition holds. */
  readonly alarm: Alarm | undefined
  readonly priority: Priority | undefined
}

export function zoneLook(state: DeviceState | undefined, options: { readonly alarms: Iterable<Alarm>; readonly live: boolean }): ZoneLook {
  const line =
    !options.live || state?.status !== 'online' || !state.reading ? 'unknown' : state.reading['armed'] === false ? 'disarmed' : 'normal'
  let alarm: Alarm | undefined
  for (const one of options.alarms) {
    if (one.state !== 'unacknowledged' && one.state !== 'acknowledged') continue
    if (!alarm || one.priority < alarm.priority) alarm = one
  }
  return { line, alarm, priority: alarm?.priority }
}

/** Standing alarms by device, `<kind>/<id>`. */
export function alarmsByDevice(alarms: Iterable<Alarm>): Map<string, Alarm[]> {
  const by = new Map<string, Alarm[]>()
  for (const alarm of alarms) {
    const key = `${alarm.kind}/${alarm.device}`
    by.set(key, [...(by.get(key) ?? []), alarm])
  }
  return by
}
