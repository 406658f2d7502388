/** Who may publish, subscribe and retain what: pure decisions from a credential and a topic. */
import type { Credential } from '../domain/credential.ts'
import { isId, matchesFilter, parseDeviceTopic } from '../domain/topic.ts'

export type PublishDecision = { readonly allowed: true; readonly mayRetain: boolean } | { readonly allowed: false; readonly detail: string }

export const MAX_PAYLOAD_BYTES = 1 << 20

export function decidePublish({ owner, publish }: Credential, topic: string): PublishDecision {
  if (hasForbiddenCharacter(topic)) return refuse('The topic holds U+0000 or is not UTF-8.')
  const levels = topic.split('/')
  if (levels[0] !== 'estates' || levels[1] !== owner.estate) return refuse(`Topics of this credential begin with estates/${owner.estate}/.`)
  if (owner.type === 'ext') {
    if (levels[2] !== 'ext' || levels.length < 4) return refuse(`Another system publishes below estates/${owner.estate}/ext/.`)
    if (!publish.some((filter) => matchesFilter(filter, topic))) return refuse(`Its publish rights are: ${publish.join(', ') || 'none'}.`)
    return { allowed: true, mayRetain: true }
  }
  const parsed = parseDeviceTopic(topic)
  if (owner.type === 'device') {
    if (levels.length < 5 || levels[2] !== owner.kind || levels[3] !== owner.device)
      return refuse(`A device publishes below estates/${owner.estate}/${owner.kind}/${owner.device}/.`)
    return { allowed: true, mayRetain: 'channel' in parsed && parsed.channel === 'availability' }
  }
  if (!('channel' in parsed))
    return refuse(
      parsed.wrong === 'channel'
        ? 'The channels are telemetry, event, availability, command and command/result.'
        : 'A gateway publishes on estates/<estate>/<kind>/<device>/<channel>.',
    )
  if (parsed.kind === 'ext') return refuse('A gateway does not publish below ext/.')
  if (parsed.kind === 'gateway' && parsed.device !== owner.gateway)
    return refuse('A gateway publishes for itself, not for another gateway.')
  return { allowed: true, mayRetain: parsed.channel === 'availability' }
}

export function maySubscribe({ owner, subscribe }: Credential, filter: string): boolean {
  if (hasForbiddenCharacter(filter)) return false
  if (owner.type === 'gateway') return coversFilter(`estates/${owner.estate}/+/+/command`, filter)
  if (owner.type === 'device')
    return filter.split('/').length > 4 && coversFilter(`estates/${owner.estate}/${owner.kind}/${owner.device}/#`, filter)
  return coversFilter(`estates/${owner.estate}/#`, filter) && subscribe.some((allowed) => coversFilter(allowed, filter))
}

/** Does `allowed` match every topic that `asked` matches? */
export function coversFilter(allowed: string, asked: string): boolean {
  const may = allowed.split('/')
  const want = asked.split('/')
  for (const [i, level] of may.entries()) {
    if (level === '#') return true // "a/#" matches "a" too (MQTT 3.1.1 §4.7.1.2)
    const wanted = want[i]
    if (wanted === undefined || wanted === '#') return false
    if (level !== '+' && level !== wanted) return false
  }
  return may.length === want.length
}

/** Telemetry that may wait when the disk runs low: `estates/<estate>/<camera, parking-bay or gateway>/<device>/telemetry`. */
export function canWaitForRoom(topic: string): boolean {
  const parsed = parseDeviceTopic(topic)
  return 'channel' in parsed && parsed.channel === 'telemetry' && ['camera', 'parking-bay', 'gateway'].includes(parsed.kind)
}

/** Where the state of an alarm is retained for other systems; undefined for one that belongs to no estate. */
export function alarmTopic(alarm: { readonly estate: string; readonly id: string }): string | undefined {
  return isId(alarm.estate) && /^[\w.:-]{1,200}$/.test(alarm.id) ? `estates/${alarm.estate}/alarms/${alarm.id}` : undefined
}

// MQTT 3.1.1 §1.5.3: ill-formed UTF-8 arrives as U+FFFD.
function hasForbiddenCharacter(text: string): boolean {
  return text.includes('\u0000') || text.includes('\ufffd')
}

function refuse(detail: string): PublishDecision {
  return { allowed: false, detail }
}
