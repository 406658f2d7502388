/** Which of an alarm's buttons are alive, and why the others are not. The server has the last word; this only says it before. */
import type { Alarm } from '../../../../../domain/alarm.ts'
import type { HandedIn } from '../../../live/use-alarm-actions.ts'
import type { Connection } from '../../../live/live-socket.ts'
import type { Why } from './panel-words.ts'

export interface ButtonsInput {
  readonly alarm: Pick<Alarm, 'state' | 'returnedAt'>
  /** Does the rule latch: only a reset ends it. */
  readonly latches: boolean
  readonly mayAct: boolean
  readonly mayComment: boolean
  readonly connection: Connection
  readonly handed: HandedIn | undefined
}

/** undefined = alive. */
export interface Buttons {
  readonly acknowledge: Why | undefined
  readonly reset: Why | undefined
  readonly comment: Why | undefined
}

const QUIET = new Set(['shelved', 'suppressed', 'out-of-service', 'closed'])

export function alarmButtons(input: ButtonsInput): Buttons {
  return {
    acknowledge: common(input, 'acknowledge', input.mayAct) ?? acknowledgeWhy(input),
    reset: common(input, 'reset', input.mayAct) ?? resetWhy(input),
    comment: common(input, 'comment', input.mayComment),
  }
}

function common({ connection, handed }: ButtonsInput, action: HandedIn['action'], may: boolean): Why | undefined {
  if (connection !== 'live') return 'cut'
  if (!may) return 'role'
  if (handed?.action === action && handed.state !== 'refused') return handed.state
  return undefined
}

function acknowledgeWhy({ alarm }: ButtonsInput): Why | undefined {
  if (QUIET.has(alarm.state)) return 'quiet'
  return alarm.state === 'unacknowledged' || alarm.state === 'returned' ? undefined : 'acknowledged'
}

function resetWhy({ alarm, latches }: ButtonsInput): Why | undefined {
  if (QUIET.has(alarm.state)) return 'quiet'
  if (alarm.state === 'latched') return undefined
  if (!latches) return alarm.state === 'returned' ? 'ackFirst' : 'selfEnding'
  return alarm.state === 'returned' ? undefined : 'active' // a reset of what has returned also acknowledges it
}
