/** A credential as the server lists it, and the line that tries it out. */
import { parseCredentialUsername } from '../../../../domain/credential.ts'
import type { KindDefinition } from '../../../../domain/device-kind.ts'
import type { Estate } from '../../../../domain/estate.ts'
import { deviceTopic } from '../../../../domain/topic.ts'

export interface ListedCredential {
  readonly username: string
  readonly kind: 'gateway' | 'device' | 'ext'
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
  readonly createdAt: number
  readonly rotatedAt: number | null
  readonly lastSeenAt: number | null
  readonly connected: boolean
}

export interface TryMessage {
  readonly topic: string
  readonly payload: string
}

/** Values of a device that is well: a first try shall raise no alarm. */
const SAMPLES: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>> = {
  camera: { recording: true, video: 'ok', fps: 25 },
  'fence-zone': { armed: true, state: 'normal', voltage_kv: 6.4 },
  'parking-bay': { status: 'free', battery_percent: 90 },
  elevator: { mode: 'normal', floor: 1, direction: 'none', speed_mps: 0, door: 'closed', in_door_zone: true, passenger: false },
  gateway: { uptime_s: 60, queued: 0 },
}

/** What a credential may send at first: a reading of the first device behind a gateway, of the device itself, or a hello. */
export function tryMessage(username: string, estate: Estate, findKind: (kind: string) => KindDefinition | undefined): TryMessage {
  const owner = parseCredentialUsername(username)
  if (owner?.type === 'ext') return { topic: `estates/${estate.id}/ext/${owner.name}/hello`, payload: '{"hello":true}' }
  const behind = owner?.type === 'gateway' ? estate.devices.find(({ gateway }) => gateway === owner.gateway) : undefined
  const own =
    owner?.type === 'device' ? { kind: owner.kind, device: owner.device } : { kind: 'gateway', device: owner?.gateway ?? username }
  const target = behind ? { kind: behind.kind, device: behind.id } : own
  return {
    topic: deviceTopic({ estate: estate.id, ...target, channel: 'telemetry' }),
    payload: JSON.stringify(SAMPLES[target.kind] ?? sampleOf(findKind(target.kind))),
  }
}

/** For a kind without a sample of its own: its first words and numbers in the middle of their range. */
function sampleOf(kind: KindDefinition | undefined): Record<string, string | number | boolean> {
  const fields = Object.entries(kind?.fields ?? {}).slice(0, 4)
  return Object.fromEntries(
    fields.map(([name, field]): [string, string | number | boolean] => {
      if (field.type === 'boolean') return [name, true]
      if (field.type === 'enum') return [name, Object.keys(field.labels)[0] ?? '']
      return [name, Math.round((field.min + field.max) / 2)]
    }),
  )
}

export interface TryLine extends TryMessage {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly password: string
}

/** Ready to paste into a POSIX shell. */
export function mosquittoLine({ host, port, username, password, topic, payload }: TryLine): string {
  return `mosquitto_pub -h ${host} -p ${port} -u ${quote(username)} -P ${quote(password)} -q 1 -t ${quote(topic)} -m ${quote(payload)}`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
