/** The example estate, the simulators and small lives for the tests of this folder. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeviceSimulation, SimulatedMessage, SimulatedState } from '../../devices/simulation.ts'
import type { Estate, EstateDevice } from '../../domain/estate.ts'
import { parseEstate } from '../../estates/load.ts'
import { projectRoot } from '../../project-root.ts'
import { loadSimulations } from '../../simulators/load-simulations.ts'
import { startRandom } from '../../simulators/random.ts'

export const simulations = await loadSimulations()

/** 2026-11-24 00:00 in Shanghai. */
export const MIDNIGHT = Date.UTC(2026, 10, 23, 16)

const examples = new Map<string, Estate>()

export function readExample(id: string): Estate {
  const known = examples.get(id)
  if (known) return known
  const parsed = parseEstate(readFileSync(join(projectRoot, 'estates', 'examples', `${id}.yaml`), 'utf8'))
  if (!parsed.ok) throw new Error(`${id} has faults: ${JSON.stringify(parsed.faults[0])}`)
  examples.set(id, parsed.estate)
  return parsed.estate
}

export const yangqu760 = readExample('yangqu-760')

export function firstDevice(kind: string, matching: (device: EstateDevice) => boolean = () => true): EstateDevice {
  return yangqu760.devices.find((device) => device.kind === kind && matching(device))!
}

export interface LivedStep {
  readonly state: SimulatedState
  readonly messages: readonly SimulatedMessage[]
}

/** Lives one device for so many of its own steps; `meanwhile` may change its state before a step. */
export function live(options: {
  readonly device: EstateDevice
  readonly seed: number
  readonly steps: number
  readonly at?: number
  readonly meanwhile?: (state: SimulatedState, step: number, simulation: DeviceSimulation) => SimulatedState
}): LivedStep[] {
  const simulation = simulations.get(options.device.kind)!
  const random = startRandom(options.seed)
  let state = simulation.begin({ device: options.device, at: options.at ?? MIDNIGHT, lifeOffsetMs: 0, random })
  return Array.from({ length: options.steps }, (_, i) => {
    state = options.meanwhile?.(state, i, simulation) ?? state
    const step = simulation.step(state, simulation.stepMs, random)
    state = step.state
    return step
  })
}

export function telemetryOf(steps: readonly LivedStep[]): SimulatedMessage['payload'][] {
  return steps.flatMap(({ messages }) => messages.filter(({ channel }) => channel === 'telemetry').map(({ payload }) => payload))
}
