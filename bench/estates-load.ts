/** Speaks for every device of many estates at the contract's intervals, each through its own gateway, evenly spread over time. */
import { SECOND_MS, systemClock, type EpochMs } from '../domain/clock.ts'
import { credentialUsername } from '../domain/credential.ts'
import type { FieldValue } from '../domain/device-kind.ts'
import type { Estate } from '../domain/estate.ts'
import { deviceTopic } from '../domain/topic.ts'
import { connectionOf, startEstateLife } from '../simulators/estate-life.ts'
import { loadSimulations } from '../simulators/load-simulations.ts'
import { startVirtualGateway, type Login, type VirtualGateway } from '../simulators/virtual-gateway.ts'

type Values = Record<string, FieldValue>

/** As often as the contract says. All lifts run; a bay has something to say as often as the whole needs to reach its rate. */
const EVERY_MS: Readonly<Record<string, number>> = { camera: 30_000, 'fence-zone': 10_000, elevator: 1000, gateway: 30_000 }
const LOOK_MS = 20

export interface LoadedEstate {
  readonly estate: Estate
  /** By gateway. */
  readonly logins: Readonly<Record<string, Login>>
}

export interface Load {
  /** Messages a second of each kind, as planned. */
  readonly perSecond: Readonly<Record<string, number>>
  connected(): Promise<void>
  acknowledged(): number
  close(): Promise<void>
}

interface Speaker {
  readonly topic: string
  readonly line: VirtualGateway
  values: Values
  turn: number
}

export async function startLoad(
  estates: readonly LoadedEstate[],
  { url, ...wanted }: { readonly url: string; readonly readingsPerSecond: number; readonly perSecond?: Load['perSecond'] },
): Promise<Load> {
  const simulations = await loadSimulations()
  const lines: VirtualGateway[] = []
  const speakers = new Map<string, Speaker[]>()
  for (const { estate, logins } of estates) {
    const life = startEstateLife({ estate, simulations, seed: 7, startAt: systemClock() })
    const own = new Map(life.connections.map((gateway) => [gateway, openGateway(estate, gateway, { url, login: logins[gateway] })]))
    lines.push(...own.values())
    const said = new Map(life.connections.flatMap((gateway) => life.present(gateway)).map(({ topic, payload }) => [topic, payload]))
    for (const device of estate.devices) {
      const topic = deviceTopic({ estate: estate.id, kind: device.kind, device: device.id, channel: 'telemetry' })
      const values = JSON.parse(said.get(topic)!) as Values
      const speaker = { topic, line: own.get(connectionOf(device))!, values, turn: 0 }
      speakers.set(device.kind, [...(speakers.get(device.kind) ?? []), speaker])
    }
  }
  const perSecond = wanted.perSecond ?? ratesOf(speakers, wanted.readingsPerSecond)

  let acknowledged = 0
  let began: EpochMs | undefined
  const told = new Map<string, number>()
  const speak = () => {
    if (began === undefined) return
    const now = systemClock()
    for (const [kind, own] of speakers) {
      const due = Math.floor(((now - began) * perSecond[kind]!) / SECOND_MS)
      for (let i = told.get(kind) ?? 0; i < due; i++) {
        const speaker = own[i % own.length]!
        speaker.values = { ...speaker.values, ...changed(kind, speaker.values, speaker.turn++), ts: now }
        void speaker.line
          .publish({ topic: speaker.topic, payload: JSON.stringify(speaker.values), retain: false })
          .then(() => acknowledged++)
      }
      told.set(kind, due)
    }
  }
  const timer = setInterval(speak, LOOK_MS)
  return {
    perSecond,
    connected: async () => {
      await Promise.all(lines.map((line) => line.connected()))
      began = systemClock()
    },
    acknowledged: () => acknowledged,
    close: async () => {
      clearInterval(timer)
      await Promise.all(lines.map((line) => line.close()))
    },
  }
}

function ratesOf(speakers: ReadonlyMap<string, readonly Speaker[]>, readingsPerSecond: number): Load['perSecond'] {
  const rates = Object.entries(EVERY_MS).map(([kind, ms]) => [kind, (speakers.get(kind)!.length * SECOND_MS) / ms] as const)
  const bays = readingsPerSecond - rates.reduce((sum, [, rate]) => sum + rate, 0)
  return { ...Object.fromEntries(rates), 'parking-bay': Math.max(0, bays) }
}

function openGateway(estate: Estate, gateway: string, { url, login }: { readonly url: string; readonly login: Login | undefined }) {
  return startVirtualGateway({
    url,
    clientId: credentialUsername({ type: 'gateway', estate: estate.id, gateway }),
    login,
    availabilityTopic: deviceTopic({ estate: estate.id, kind: 'gateway', device: gateway, channel: 'availability' }),
    present: () => [],
    onTrouble: (message) => console.error(`${gateway} of ${estate.id}: ${message}`),
  })
}

/** Something is other than before in every reading, and nothing is ever wrong. */
function changed(kind: string, values: Values, turn: number): Values {
  const wave = turn % 7
  if (kind === 'camera') return { bitrate_kbps: 4000 + wave * 10 }
  if (kind === 'fence-zone') return { voltage_kv: 7 + wave / 10 }
  if (kind === 'gateway') return { uptime_s: Number(values['uptime_s']) + 30 }
  if (kind === 'parking-bay') return String(values['status']) === 'free' ? { status: 'occupied' } : { status: 'free' }
  const floor = 1 + (turn % 5)
  return { mode: 'normal', floor, direction: 'up', speed_mps: 1, door: 'closed', in_door_zone: false, passenger: false }
}
