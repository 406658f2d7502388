/** Our own format: JSON on `estates/<estate>/<kind>/<device>/<channel>`; availability is plain text. */
import type { DeviceId } from '../../domain/reading.ts'
import type { Rejection } from '../../domain/rejection.ts'
import { parseDeviceTopic, type DeviceTopic } from '../../domain/topic.ts'
import type { Statement, WireFormat } from './format.ts'
import { isObject, parseJson, quote, readText } from './json.ts'

export const MAX_ELEMENTS = 1000

export const native: WireFormat = {
  name: 'native',
  accepts: (topic) => readTopic(topic) !== undefined,
  read: ({ topic, payload }) => {
    const known = readTopic(topic)
    if (!known) return []
    const statements = readChannel(known.channel, payload)
    return statements === undefined ? [] : [{ device: known.device, statements }]
  },
}

interface KnownTopic {
  readonly device: DeviceId
  readonly channel: DeviceTopic['channel']
}

/** Devices say many things on few topics. */
const topics = new Map<string, KnownTopic>()
const MOST_TOPICS = 50_000

function readTopic(topic: string): KnownTopic | undefined {
  const known = topics.get(topic)
  if (known) return known
  const parsed = parseDeviceTopic(topic)
  if ('wrong' in parsed) return undefined
  const { estate, kind, device, channel } = parsed
  if (topics.size >= MOST_TOPICS) topics.clear()
  const read = { device: { estate, kind, device }, channel }
  topics.set(topic, read)
  return read
}

/** @returns undefined for channels that say nothing about the device's state. */
function readChannel(channel: DeviceTopic['channel'], payload: Uint8Array): readonly Statement[] | undefined {
  switch (channel) {
    case 'telemetry':
      return readTelemetry(payload)
    case 'event':
      return [readEvent(payload)]
    case 'availability':
      // An empty retained message only removes the retained one (MQTT 3.1.1 §3.3.1.3).
      return payload.byteLength === 0 ? undefined : [readAvailability(payload)]
    case 'command':
    case 'command/result':
      return undefined
  }
}

function readTelemetry(payload: Uint8Array): readonly Statement[] {
  const json = parseJson(payload)
  if (!json.ok) return [unreadable(json.rejection)]
  if (!Array.isArray(json.value)) return [readElement(json.value)]
  const elements: readonly unknown[] = json.value
  if (elements.length > MAX_ELEMENTS)
    return [
      unreadable({
        reason: 'too-many-elements',
        detail: `The array holds ${elements.length} elements; at most ${MAX_ELEMENTS} are taken. Send several messages.`,
      }),
    ]
  if (elements.length === 0)
    return [unreadable({ reason: 'not-an-object', detail: 'The array is empty; send at least one object of fields.' })]
  return elements.map((element, index) => readElement(element, index))
}

function readElement(element: unknown, index?: number): Statement {
  if (!isObject(element))
    return unreadable({
      reason: 'not-an-object',
      detail: `${index === undefined ? 'The payload' : `Element ${index}`} is ${quote(element)}; send a JSON object of fields.`,
      ...(index !== undefined && { index }),
    })
  return index === undefined
    ? { type: 'telemetry', ts: element['ts'], fields: element }
    : { type: 'telemetry', ts: element['ts'], fields: element, index }
}

function readEvent(payload: Uint8Array): Statement {
  const json = parseJson(payload)
  if (!json.ok) return unreadable(json.rejection)
  if (!isObject(json.value))
    return unreadable({ reason: 'not-an-object', detail: `The payload is ${quote(json.value)}; send an object with ts, code and active.` })
  const { ts, code, active, scheme, ...fields } = json.value
  return { type: 'event', ts, code, active, scheme, fields }
}

function readAvailability(payload: Uint8Array): Statement {
  const text = payload.byteLength > 64 ? undefined : readText(payload)?.trim()
  if (text === 'online' || text === 'offline') return { type: 'availability', online: text === 'online' }
  return unreadable({ reason: 'unknown-value', detail: 'Availability is the plain text online or offline.', field: 'availability' })
}

function unreadable(rejection: Rejection): Statement {
  return { type: 'unreadable', ...rejection }
}
