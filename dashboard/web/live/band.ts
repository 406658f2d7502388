/** What the headline band holds: the one thing that matters now. */
import type { Alarm } from '../../../domain/alarm.ts'
import type { LineHealth } from '../../../domain/live.ts'
import { headAlarm, standingAlarms } from './alarm-order.ts'
import type { Connection } from './live-socket.ts'

export const ENGINE_STOPPED_AFTER_MS = 5000

export type BandChoice =
  | { readonly what: 'loading' }
  | { readonly what: 'lost' }
  /** No calm may be said and no alarm may be missing unnoticed: which part is behind, and for how long. */
  | { readonly what: 'stopped'; readonly part: 'broker' | 'engine' | 'server'; readonly ageMs: number; readonly alarm: Alarm | undefined }
  | { readonly what: 'alarm'; readonly alarm: Alarm; readonly alsoUrgent: number }
  /** `standing` = acknowledged or returned alarms that are left. */
  | { readonly what: 'calm'; readonly standing: number }

export interface BandInput {
  readonly connection: Connection
  readonly health: LineHealth | undefined
  readonly alarms: Iterable<Alarm>
  /** Server's time. */
  readonly now: number
}

export function chooseBand({ connection, health, alarms, now }: BandInput): BandChoice {
  if (connection === 'lost') return { what: 'lost' }
  if (connection === 'connecting' || !health) return { what: 'loading' }
  const list = [...alarms]
  const alarm = headAlarm(list)
  const stopped = stoppedPart(health, now)
  if (stopped) return { what: 'stopped', ...stopped, alarm }
  const standing = standingAlarms(list)
  if (!alarm) return { what: 'calm', standing: standing.length }
  const urgent = standing.filter((one) => one.state === 'unacknowledged' && one.priority === 1 && one.id !== alarm.id)
  return { what: 'alarm', alarm, alsoUrgent: urgent.length }
}

/** The engine's last tick is what makes a calm true; when it is old, the first part of the line that is behind is named. */
function stoppedPart(health: LineHealth, now: number): { part: 'broker' | 'engine' | 'server'; ageMs: number } | undefined {
  const engineAge = health.engineAt === null ? Infinity : now - health.engineAt
  if (engineAge <= ENGINE_STOPPED_AFTER_MS) return undefined
  const tickAge = health.tickAt === null ? Infinity : now - health.tickAt
  if (health.behind > 1000) return { part: 'server', ageMs: engineAge }
  return { part: tickAge > ENGINE_STOPPED_AFTER_MS ? 'broker' : 'engine', ageMs: engineAge }
}
