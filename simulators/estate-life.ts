/** All simulated devices of one estate, stepped in one order by one clock: the same seed and the same inputs give the same messages. */
import type { DeviceSimulation, InputOptions, Random, SimulatedMessage, SimulatedState } from '../devices/simulation.ts'
import type { EpochMs } from '../domain/clock.ts'
import type { Estate, EstateDevice } from '../domain/estate.ts'
import { deviceTopic, type Channel } from '../domain/topic.ts'
import type { Simulations } from './load-simulations.ts'
import { seedOf, startRandom } from './random.ts'

/** A message as a gateway publishes it. */
export interface DeviceMessage {
  /** The gateway it goes through, or `<kind>/<device>` for a device with a connection of its own. */
  readonly connection: string
  /** When it was sent, by true time. */
  readonly at: EpochMs
  readonly topic: string
  readonly payload: string
  readonly retain: boolean
}

export interface EstateLife {
  readonly estate: Estate
  now(): EpochMs
  /** Lives on until that instant. */
  advance(to: EpochMs): DeviceMessage[]
  /** Something happens to a device now. @throws RangeError when its kind does not know it */
  input(device: EstateDevice, name: string, options: InputOptions): DeviceMessage[]
  /** Gateways, and devices without one. */
  readonly connections: readonly string[]
  /** What a gateway says of each of its devices when it connects, itself first. */
  present(connection: string): DeviceMessage[]
}

interface Living {
  readonly device: EstateDevice
  readonly simulation: DeviceSimulation
  readonly random: Random
  readonly connection: string
  state: SimulatedState
  nextAt: EpochMs
  /** Sends nothing: broken, or out of reach of its gateway. */
  silent: boolean
}

/** What any device can do, whatever its kind. */
export const COMMON_INPUTS = ['silent', 'speak', 'offline', 'online'] as const

export function startEstateLife(options: {
  readonly estate: Estate
  readonly simulations: Simulations
  readonly seed: number
  readonly startAt: EpochMs
  readonly lifeOffsetMs?: number
}): EstateLife {
  const { estate, simulations, seed, startAt } = options
  let now = startAt
  const living = estate.devices.flatMap((device): Living[] => {
    const simulation = simulations.get(device.kind)
    if (!simulation) return []
    const random = startRandom(seedOf(seed, estate.id, device.kind, device.id))
    const state = simulation.begin({ device, at: startAt, lifeOffsetMs: options.lifeOffsetMs ?? 0, random })
    const nextAt = startAt + 1 + Math.floor(random() * simulation.stepMs) // spread over the step
    return [{ device, simulation, random, connection: connectionOf(device), state, nextAt, silent: false }]
  })
  const byConnection = new Map<string, Living[]>()
  for (const each of living) byConnection.set(each.connection, [...(byConnection.get(each.connection) ?? []), each])
  const byDevice = new Map(living.map((each) => [each.device, each]))

  const clockOffset = ({ connection }: Living): number => {
    const box = byConnection.get(connection)?.find(({ device }) => device.kind === 'gateway')
    return box?.simulation.clockOffsetMs?.(box.state) ?? 0
  }
  const toPublish = (each: Living, messages: readonly SimulatedMessage[], at: EpochMs): DeviceMessage[] => {
    if (each.silent || messages.length === 0) return []
    const ahead = clockOffset(each)
    return messages.map(({ channel, payload }) => ({
      connection: each.connection,
      at,
      topic: topicOf(estate, each.device, channel),
      payload: JSON.stringify({ ...payload, ts: payload.ts + ahead }),
      retain: false,
    }))
  }
  const stepTo = (each: Living, at: EpochMs): DeviceMessage[] => {
    const { state, messages } = each.simulation.step(each.state, Math.max(0, at - each.state.at), each.random)
    each.state = state
    return toPublish(each, messages, at)
  }

  return {
    estate,
    connections: [...byConnection.keys()],
    now: () => now,
    advance(to) {
      const sent: DeviceMessage[] = []
      for (;;) {
        let first: Living | undefined
        for (const each of living) if (each.nextAt <= to && (!first || each.nextAt < first.nextAt)) first = each
        if (!first) break
        const at = first.nextAt
        // all that are due at this instant, in the estate's order
        for (const each of living)
          if (each.nextAt === at) {
            sent.push(...stepTo(each, at))
            each.nextAt = at + each.simulation.stepMs
          }
      }
      now = Math.max(now, to)
      return sent
    },
    input(device, name, inputOptions) {
      const each = byDevice.get(device)
      if (!each) throw new RangeError(`${device.kind}/${device.id} is not simulated`)
      const common = COMMON_INPUTS.find((known) => known === name)
      if (common) return commonInput(estate, each, common, now)
      const input = each.simulation.inputs[name]
      if (!input) throw new RangeError(`${device.kind} does not know "${name}"; it knows ${knownInputs(each.simulation).join(', ')}`)
      each.state = input(each.state, inputOptions)
      return stepTo(each, Math.max(now, each.state.at + 1)) // an instant of its own: two readings of one device never share their `ts`
    },
    present: (connection) => {
      const behind = byConnection.get(connection) ?? []
      const boxFirst = [...behind].sort((a, b) => Number(b.device.kind === 'gateway') - Number(a.device.kind === 'gateway'))
      return boxFirst.flatMap((each) => toPublish(each, each.simulation.present(each.state), now))
    },
  }
}

export function knownInputs(simulation: DeviceSimulation): readonly string[] {
  return [...Object.keys(simulation.inputs), ...COMMON_INPUTS]
}

export function connectionOf(device: EstateDevice): string {
  return device.kind === 'gateway' ? device.id : (device.gateway ?? `${device.kind}/${device.id}`)
}

function topicOf(estate: Estate, device: EstateDevice, channel: Channel): string {
  return deviceTopic({ estate: estate.id, kind: device.kind, device: device.id, channel })
}

function commonInput(estate: Estate, each: Living, name: (typeof COMMON_INPUTS)[number], at: EpochMs): DeviceMessage[] {
  each.silent = name === 'silent' || name === 'offline'
  if (name === 'silent' || name === 'speak') return []
  return [{ connection: each.connection, at, topic: topicOf(estate, each.device, 'availability'), payload: name, retain: true }]
}
