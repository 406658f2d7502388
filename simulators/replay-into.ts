/** Publishes what a recording's gateways said to a running system, at its own pace and as if it were now. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readRecording } from '../broker/journal/recording.ts'
import { systemClock, type EpochMs } from '../domain/clock.ts'
import { parseCredentialUsername } from '../domain/credential.ts'
import type { JournalEntry } from '../domain/journal.ts'
import { deviceTopic, parseDeviceTopic } from '../domain/topic.ts'
import { refuseLiveDevices } from './live-check.ts'
import { readLogins } from './logins.ts'
import type { RecordingFacts } from './recording-facts.ts'
import { signIn } from './rest-client.ts'
import { startVirtualGateway, type VirtualGateway } from './virtual-gateway.ts'

export interface IntoOptions {
  readonly broker: string
  readonly url: string
  readonly username: string
  readonly password: string
  readonly credentials: string
}

/** @returns how many messages were acknowledged. @throws AppError `device-is-live` */
export async function replayInto(file: string, facts: RecordingFacts, into: IntoOptions): Promise<number> {
  const rest = await signIn(into)
  for (const estate of facts.estates)
    await refuseLiveDevices(rest, { estate, concerns: ({ kind, id }) => facts.devices.has(`${estate}/${kind}/${id}`), now: systemClock() })
  const gateways = new Map<string, VirtualGateway>()
  const startedAt = systemClock()
  const shiftMs = startedAt - facts.firstAt
  let acknowledged = 0
  try {
    for await (const entry of readRecording(file)) {
      const owner = parseCredentialUsername(entry.client)
      if (owner?.type !== 'gateway' || entry.topic.endsWith('/availability')) continue
      const dueInMs = entry.receivedAt + shiftMs - systemClock()
      if (dueInMs > 0) await sleep(dueInMs)
      const gateway = gateways.get(entry.client) ?? openGateway(into, owner.estate, owner.gateway)
      gateways.set(entry.client, gateway)
      void gateway.publish({ topic: entry.topic, payload: shiftInstants(entry, shiftMs), retain: false }).then(() => acknowledged++)
    }
    while ([...gateways.values()].some((gateway) => gateway.queued() + gateway.inFlight() > 0)) await sleep(20)
  } finally {
    await Promise.all([...gateways.values()].map((gateway) => gateway.close()))
  }
  return acknowledged
}

function openGateway(into: IntoOptions, estate: string, gateway: string): VirtualGateway {
  const login = readLogins(into.credentials, estate)[gateway]
  if (!login) throw new RangeError(`${into.credentials} has no credential for gateway ${gateway} of ${estate}`)
  return startVirtualGateway({
    url: into.broker,
    clientId: login.username,
    login,
    availabilityTopic: deviceTopic({ estate, kind: 'gateway', device: gateway, channel: 'availability' }),
    present: () => [],
    onTrouble: (message) => console.error(`${gateway}: ${message}`),
  })
}

/** Every `ts` by this much later; what is not JSON stays as it was. */
export function shiftInstants({ topic, payload }: Pick<JournalEntry, 'topic' | 'payload'>, shiftMs: EpochMs): string {
  const text = Buffer.from(payload).toString()
  if ('wrong' in parseDeviceTopic(topic)) return text
  try {
    const value: unknown = JSON.parse(text)
    const shift = (part: unknown) =>
      typeof part === 'object' && part !== null && 'ts' in part && typeof part.ts === 'number' ? { ...part, ts: part.ts + shiftMs } : part
    return JSON.stringify(Array.isArray(value) ? value.map(shift) : shift(value))
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}
