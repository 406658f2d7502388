/** What the desk must sound like now. */
import type { Alarm } from '../../../domain/alarm.ts'
import type { Connection } from './live-socket.ts'

export const P2_EVERY_MS = 20_000
export const LOST_EVERY_MS = 5000
export const SILENCE_MS = 60_000

export interface SoundInput {
  readonly connection: Connection
  readonly alarms: Iterable<Alarm>
  /** Alarms acknowledged at this desk whose acknowledgement is handed in but not yet in effect. */
  readonly handedIn: ReadonlySet<string>
  readonly silencedUntil: number
  readonly now: number
}

export interface SoundChoice {
  /** The continuous tone. */
  readonly hold: boolean
  /** A tone that is repeated while this stands. */
  readonly repeat: 'p2' | 'lost' | undefined
  /** P3 that still want their one tone, unless it was played before. */
  readonly once: readonly string[]
}

const QUIET: SoundChoice = { hold: false, repeat: undefined, once: [] }

export function chooseSound({ connection, alarms, handedIn, silencedUntil, now }: SoundInput): SoundChoice {
  if (now < silencedUntil) return QUIET
  if (connection === 'lost') return { ...QUIET, repeat: 'lost' }
  const wanting = [...alarms].filter((alarm) => alarm.state === 'unacknowledged' && !handedIn.has(alarm.id))
  const has = (priority: number) => wanting.some((alarm) => alarm.priority === priority)
  return {
    hold: has(1),
    repeat: !has(1) && has(2) ? 'p2' : undefined,
    once: wanting.filter((alarm) => alarm.priority === 3).map((alarm) => alarm.id),
  }
}
