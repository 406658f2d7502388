/** Says in words what became of a message: understood, with its values, or refused, with the value and the rule it broke. */
import type { FieldDefinition, FieldValue, KindDefinition } from '../../../../domain/device-kind.ts'
import type { Decoded, Observation } from '../../../../domain/reading.ts'
import type { Rejection } from '../../../../domain/rejection.ts'
import type { Words } from '../../../../domain/words.ts'
import { REASON_WORDS } from './reason-words.ts'

export type FindKind = (kind: string) => KindDefinition | undefined

export interface MessageParts {
  readonly topic: string
  readonly payload: string
}

export interface OutcomeWords {
  readonly ok: boolean
  readonly words: Words
}

export function outcomeWords(outcome: Decoded, message: MessageParts, findKind: FindKind): OutcomeWords {
  if (outcome.ok) return { ok: true, words: understoodWords(outcome.observation, outcome.unknownFields, findKind) }
  return { ok: false, words: refusedWords(outcome, message, findKind) }
}

function understoodWords(observation: Observation, unknownFields: readonly string[], findKind: FindKind): Words {
  if (observation.type === 'availability') return observation.online ? { zh: '在线', en: 'online' } : { zh: '离线', en: 'offline' }
  const fields = findKind(observation.kind)?.fields ?? {}
  const values = Object.entries(observation.values).map(([name, value]) => fieldWords(name, value, fields[name]))
  const event: Words[] =
    observation.type === 'event'
      ? [
          {
            zh: `事件 ${observation.code} ${observation.active ? '发生' : '结束'}`,
            en: `event ${observation.code} ${observation.active ? 'began' : 'ended'}`,
          },
        ]
      : []
  const dropped: Words[] =
    unknownFields.length > 0
      ? [{ zh: `不认识的字段没收：${unknownFields.join('、')}`, en: `unknown fields left out: ${unknownFields.join(', ')}` }]
      : []
  return joinWords([...event, ...values, ...dropped])
}

function fieldWords(name: string, value: FieldValue, field: FieldDefinition | undefined): Words {
  const shown = valueWords(value, field)
  const label = field?.label ?? { zh: name, en: name }
  return { zh: `${label.zh} ${shown.zh}`, en: `${label.en} ${shown.en}` }
}

export function valueWords(value: FieldValue, field: FieldDefinition | undefined): Words {
  const plain = String(value)
  if (field?.type === 'number' && field.unit !== '') return { zh: `${plain} ${field.unit}`, en: `${plain} ${field.unit}` }
  if (field?.type === 'boolean') return field.labels[value === true ? 'true' : 'false']
  if (field?.type === 'enum') return field.labels[plain] ?? { zh: plain, en: plain }
  return { zh: plain, en: plain }
}

/** `speed_mps 124 超出范围 0–10`: the field, what it was, and what it may be. */
export function refusedWords(rejection: Rejection, message: MessageParts, findKind: FindKind): Words {
  const reason = REASON_WORDS[rejection.reason]
  const element =
    rejection.index === undefined ? undefined : { zh: `第 ${rejection.index + 1} 条：`, en: `element ${rejection.index + 1}: ` }
  const said = rejection.field === undefined ? undefined : fieldFault(rejection.field, rejection, message, findKind)
  const words = said ?? withDetail(reason, rejection.detail)
  return element ? { zh: element.zh + words.zh, en: element.en + words.en } : words
}

function fieldFault(name: string, rejection: Rejection, message: MessageParts, findKind: FindKind): Words {
  const value = rejection.value ?? valueInPayload(message.payload, name, rejection.index)
  const field = findKind(message.topic.split('/')[2] ?? '')?.fields[name]
  const reason = REASON_WORDS[rejection.reason]
  const start = value === undefined ? name : `${name} ${value}`
  const allowed = ruleWords(rejection, field)
  return { zh: [start, reason.zh + allowed.zh].join(' '), en: [start, reason.en + allowed.en].join(' ') }
}

/** What follows the reason: the type, the known words, or the range. */
function ruleWords({ reason }: Rejection, field: FieldDefinition | undefined): Words {
  if (!field) return same('')
  const allowed = reason === 'wrong-type' ? typeWords(field) : allowedWords(field)
  if (reason === 'wrong-type') return { zh: `，应为${allowed.zh}`, en: `, should be${allowed.en}` }
  return reason === 'unknown-value' ? { zh: `，可用${allowed.zh}`, en: `; known are${allowed.en}` } : allowed
}

function typeWords(field: FieldDefinition): Words {
  if (field.type !== 'number') return allowedWords(field)
  return field.integer === true ? { zh: '整数', en: ' a whole number' } : { zh: '数字', en: ' a number' }
}

function allowedWords(field: FieldDefinition): Words {
  if (field.type === 'number') {
    return same(` ${field.min}–${field.max}${field.unit === '' ? '' : ` ${field.unit}`}`)
  }
  if (field.type === 'enum') {
    return same(` ${Object.keys(field.labels).join(' | ')}`)
  }
  return same(' true | false')
}

function same(text: string): Words {
  return { zh: text, en: text }
}

/** The value as the sender wrote it, for the field that was refused; undefined where the payload cannot be read. */
function valueInPayload(payload: string, name: string, index: number | undefined): string | undefined {
  try {
    const parsed: unknown = JSON.parse(payload)
    const element: unknown = Array.isArray(parsed) ? parsed[index ?? 0] : parsed
    if (typeof element !== 'object' || element === null || !(name in element)) return undefined
    const text = JSON.stringify((element as Record<string, unknown>)[name])
    return text.length > 40 ? `${text.slice(0, 40)}…` : text
  } catch {
    return undefined
  }
}

function withDetail(reason: Words, detail: string): Words {
  return detail === '' ? reason : { zh: `${reason.zh}（${detail}）`, en: `${reason.en}: ${detail}` }
}

function joinWords(parts: readonly Words[]): Words {
  if (parts.length === 0) return { zh: '没有值', en: 'no values' }
  return { zh: parts.map(({ zh }) => zh).join(' · '), en: parts.map(({ en }) => en).join(' · ') }
}
