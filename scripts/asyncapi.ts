/** The MQTT contract as AsyncAPI 3.0, made from the kinds that decode uses: `npm run asyncapi` writes docs/asyncapi.json. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KINDS } from '../devices/index.ts'
import type { FieldDefinition, KindDefinition } from '../domain/device-kind.ts'
import { projectRoot } from '../project-root.ts'

type Json = Record<string, unknown>

const ID = { type: 'string', pattern: '^[a-z0-9-]{1,64}$' }
const TS = { type: 'integer', description: "The device's clock, epoch ms. Absent: the time of arrival." }
const MAX_ELEMENTS = 1000

/** The whole document; a test holds docs/asyncapi.json equal to it. */
export function asyncApi(): Json {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Estatewatch: what devices say over MQTT',
      version: '1.0.0',
      description: 'MQTT 3.1 and 3.1.1. QoS 1; a PUBACK means that the message is on disk.',
    },
    channels: Object.fromEntries(KINDS.flatMap((kind) => channelsOf(kind))),
    operations: Object.fromEntries(KINDS.flatMap((kind) => operationsOf(kind))),
    components: { schemas: Object.fromEntries(KINDS.flatMap((kind) => schemasOf(kind))) },
  }
}

function channelsOf({ kind, name, events, schemes }: KindDefinition): [string, Json][] {
  const channel = (suffix: string, message: Json): [string, Json] => [
    `${kind}-${suffix.replace('/', '-')}`,
    {
      address: `estates/{estate}/${kind}/{device}/${suffix}`,
      description: `${name.zh} ${name.en}: ${suffix}`,
      parameters: {
        estate: { description: `The estate's id, ${ID.pattern}` },
        device: { description: `The device's id, ${ID.pattern}` },
      },
      messages: { [suffix.replace('/', '-')]: message },
    },
  ]
  const json = (schema: string): Json => ({ contentType: 'application/json', payload: { $ref: `#/components/schemas/${schema}` } })
  return [
    channel('telemetry', json(`${kind}-telemetry`)),
    ...(events.length > 0 || schemes ? [channel('event', json(`${kind}-event`))] : []),
    channel('availability', { contentType: 'text/plain', payload: { type: 'string', enum: ['online', 'offline'] } }),
  ]
}

function operationsOf(definition: KindDefinition): [string, Json][] {
  return channelsOf(definition).map(([id]) => [`receive-${id}`, { action: 'receive', channel: { $ref: `#/channels/${id}` } }])
}

function schemasOf(definition: KindDefinition): [string, Json][] {
  const { kind, fields, events, schemes } = definition
  const values = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)]))
  const one = { type: 'object', properties: { ts: TS, ...values } }
  const telemetry = { oneOf: [one, { type: 'array', maxItems: MAX_ELEMENTS, items: one }] }
  const event = schemes
    ? {
        type: 'object',
        required: ['scheme', 'code', 'active'],
        properties: {
          ts: TS,
          scheme: { type: 'string', enum: Object.keys(schemes) },
          code: { type: ['string', 'integer'] },
          active: { type: 'boolean' },
          ...values,
        },
      }
    : {
        type: 'object',
        required: ['code', 'active'],
        properties: { ts: TS, code: { type: 'string', enum: [...events] }, active: { type: 'boolean' }, ...values },
      }
  return [[`${kind}-telemetry`, telemetry], ...(events.length > 0 || schemes ? [[`${kind}-event`, event] as [string, Json]] : [])]
}

function fieldSchema(field: FieldDefinition): Json {
  const description = `${field.label.zh} ${field.label.en}`
  if (field.type === 'boolean') return { type: 'boolean', description }
  if (field.type === 'enum') return { type: 'string', enum: Object.keys(field.labels), description }
  return {
    type: field.integer ? 'integer' : 'number',
    minimum: field.min,
    maximum: field.max,
    description: field.unit ? `${description}, ${field.unit}` : description,
  }
}

export const asyncApiPath = join(projectRoot, 'docs', 'asyncapi.json')

if (process.argv[1]?.endsWith('scripts/run.mjs')) {
  writeFileSync(asyncApiPath, `${JSON.stringify(asyncApi(), null, 2)}\n`)
  console.log(`wrote ${asyncApiPath}`)
}
