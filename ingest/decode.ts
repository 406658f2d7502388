/** Turns a journal entry into what it says: readings, events and availabilities, or the reasons why not. Pure; every consumer calls it. */
import type { FieldValues, KindDefinition } from '../domain/device-kind.ts'
import type { JournalEntry } from '../domain/journal.ts'
import type { Decoded, DeviceEvent, DeviceId, Reading } from '../domain/reading.ts'
import type { Rejection } from '../domain/rejection.ts'
import { parseDeviceTopic } from '../domain/topic.ts'
import { findKind } from '../devices/index.ts'
import { checkFields } from './decode/check-fields.ts'
import { readEventCode } from './decode/event-code.ts'
import type { Statement } from './formats/format.ts'
import { findFormat } from './formats/index.ts'
import { quote } from './formats/json.ts'
import { readObservedAt } from './decode/observed-at.ts'

export interface DecodeContext {
  /** Whether the estate has this device, by the records in force before the entry. Anything but false, null or undefined means yes. */
  findDevice(estate: string, kind: string, device: string): unknown
  /** How long raw readings are kept; 0 = for ever. */
  readonly rawDays: number
}

const SYSTEM = /^system\//
/** Other systems' topics are carried as they are; ours below `alarms/` too. */
const CARRIED = /^estates\/[^/]+\/(ext|alarms)\//

/**
 * One outcome for the message, or one for each element of an array; none for messages that say nothing about a device (`system/…`, `ext/…`, commands).
 * A reading that is not stored (`stored: false`), and an event with a bad `ts` or further field, give two: what was understood and the rejection.
 */
export function decode(entry: JournalEntry, context: DecodeContext): readonly Decoded[] {
  const format = findFormat(entry.topic)
  if (!format) return SYSTEM.test(entry.topic) || CARRIED.test(entry.topic) ? [] : [explainTopic(entry.topic)]
  const decoded: Decoded[] = []
  for (const { device, statements } of format.read(entry)) {
    const definition = findKind(device.kind)
    if (!definition) decoded.push(reject({ reason: 'unknown-kind', detail: `There is no device kind ${device.kind}.`, value: device.kind }))
    else if (!context.findDevice(device.estate, device.kind, device.device))
      decoded.push(
        reject({
          reason: 'unknown-device',
          detail: `Estate ${device.estate} has no ${device.kind} ${device.device}; add it to the estate's file or correct the topic.`,
          value: device.device,
        }),
      )
    else {
      const matter = { device, definition, entry, rawDays: context.rawDays }
      for (const statement of statements) for (const outcome of judge(statement, matter)) decoded.push(outcome)
    }
  }
  return decoded
}

interface Matter {
  readonly device: DeviceId
  readonly definition: KindDefinition
  readonly entry: JournalEntry
  readonly rawDays: number
}

function judge(statement: Statement, matter: Matter): Decoded[] {
  const { receivedAt } = matter.entry
  switch (statement.type) {
    case 'unreadable': {
      const { reason, detail, field, index } = statement
      return [reject({ reason, detail, ...(field !== undefined && { field }), ...(index !== undefined && { index }) })]
    }
    case 'availability':
      return [accept({ type: 'availability', ...matter.device, online: statement.online, observedAt: receivedAt, receivedAt })]
    case 'telemetry':
      return judgeTelemetry(statement, matter)
    case 'event':
      return judgeEvent(statement, matter)
  }
}

function judgeTelemetry(
  { ts, fields, index }: Extract<Statement, { type: 'telemetry' }>,
  { device, definition, entry: { receivedAt }, rawDays }: Matter,
): Decoded[] {
  const at = index === undefined ? NOWHERE : { index }
  const time = readObservedAt(ts, { receivedAt, rawDays })
  if (!time.ok) return [reject({ ...time.rejection, ...at })]
  const { values, unknown, faults } = checkFields(definition, fields)
  if (faults[0]) return [reject({ ...faults[0], ...at })]
  if (isEmpty(values))
    return [
      reject({
        reason: 'no-known-field',
        detail: `No field of a ${definition.kind} is in it; known are ${Object.keys(definition.fields).join(', ')}.`,
        ...at,
      }),
    ]
  const { observedAt, clockAheadMs, notStored } = time
  const { estate, kind, device: name } = device
  const reading: Reading = { type: 'reading', estate, kind, device: name, observedAt, receivedAt, values, stored: notStored === undefined }
  const understood = accept(clockAheadMs === undefined ? reading : { ...reading, clockAheadMs }, unknown)
  return notStored ? [understood, reject({ ...notStored, ...at })] : [understood]
}

const NOWHERE = {}

function isEmpty(values: FieldValues): boolean {
  for (const _name in values) return false
  return true
}

/** An event is an alarm: a fault in what it says beside its code must not hide it. */
function judgeEvent(
  { ts, code, active, scheme, fields }: Extract<Statement, { type: 'event' }>,
  { device, definition, entry: { receivedAt } }: Matter,
): Decoded[] {
  const said = readObservedAt(ts, { receivedAt, rawDays: 0 }) // events are kept as long as one-minute data
  const known = readEventCode(definition, { code, scheme })
  if (!known.ok) return [reject(known.rejection)]
  if (typeof active !== 'boolean')
    return [
      reject({ reason: 'wrong-type', field: 'active', detail: `active is ${quote(active)}; send true or false.`, value: quote(active) }),
    ]
  const { values, unknown, faults } = checkFields(definition, fields)
  const event: DeviceEvent = {
    type: 'event',
    ...device,
    observedAt: said.ok ? said.observedAt : receivedAt,
    receivedAt,
    ...(said.ok && said.clockAheadMs !== undefined && { clockAheadMs: said.clockAheadMs }),
    code: known.code,
    active,
    ...(known.scheme !== undefined && { scheme: known.scheme }),
    ...(known.wireCode !== undefined && { wireCode: known.wireCode }),
    values,
  }
  return [accept(event, unknown), ...(said.ok ? [] : [reject(said.rejection)]), ...faults.map(reject)]
}

function explainTopic(topic: string): Decoded {
  const parsed = parseDeviceTopic(topic)
  return 'wrong' in parsed && parsed.wrong === 'channel'
    ? reject({ reason: 'unknown-channel', detail: 'The channel is none of telemetry, event, availability, command, command/result.' })
    : reject({ reason: 'bad-topic', detail: 'The topic is not estates/<estate>/<kind>/<device>/<channel> with ids of a-z, 0-9 and -.' })
}

function accept(observation: Extract<Decoded, { ok: true }>['observation'], unknownFields: readonly string[] = []): Decoded {
  return { ok: true, observation, unknownFields }
}

function reject(rejection: Rejection): Decoded {
  return { ok: false, ...rejection }
}
