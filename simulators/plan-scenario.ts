/** A scenario on one estate: which input each of its devices gets at which millisecond, in order; the same seed draws the same devices. */
import { HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../domain/clock.ts'
import type { Estate, EstateDevice } from '../domain/estate.ts'
import { COMMON_INPUTS, knownInputs } from './estate-life.ts'
import type { Simulations } from './load-simulations.ts'
import { seedOf, startRandom } from './random.ts'
import type { Scenario, ScenarioStep } from './scenario.ts'
import { parseSelector, selectDevices } from './selector.ts'

export interface PlannedInput {
  /** From the scenario's first second. */
  readonly afterMs: number
  readonly device: EstateDevice
  readonly name: string
  readonly options: ScenarioStep['with']
}

/** What the connection of a gateway can do, beside what its box can. */
export const LINE_INPUTS = ['lost', 'back'] as const

/** @throws RangeError when the estate does not have what the scenario needs */
export function planScenario(
  scenario: Scenario,
  { estate, simulations, seed }: { readonly estate: Estate; readonly simulations: Simulations; readonly seed: number },
): readonly PlannedInput[] {
  const planned = scenario.steps.flatMap((step, index) => {
    const random = startRandom(seedOf(seed, scenario.name, String(index)))
    const devices = selectDevices(parseSelector(step.device)!, estate)
    if (devices.length === 0)
      throw new RangeError(`scenario ${scenario.name} needs ${step.device}, which estate ${estate.id} does not have`)
    return devices.flatMap((device): PlannedInput[] => {
      checkKnown(device, step.do, simulations)
      if (random() >= step.share) return []
      const firstMs = Math.round((step.at + random() * step.spread) * SECOND_MS)
      const { every = 0, times = 1 } = step.repeat ?? {}
      return Array.from({ length: times }, (_, i) => ({
        afterMs: firstMs + Math.round(i * every * SECOND_MS),
        device,
        name: step.do,
        options: step.with,
      }))
    })
  })
  return planned.sort((a, b) => a.afterMs - b.afterMs)
}

/** A November day without rain before the evening: scenarios are always lived on it, so that the same seed gives the same messages at any hour. */
const SCENARIO_DAY: EpochMs = Date.UTC(2026, 10, 23, 16) // midnight in Shanghai
const USUAL_TIME = '12:00'

/** How far the habits' clock must be moved so that it shows the scenario's time of day at `startAt`; not at all without a scenario. */
export function lifeOffset(scenario: Pick<Scenario, 'lifeAt'> | undefined, startAt: EpochMs): number {
  if (!scenario) return 0
  const [hours = 0, minutes = 0] = (scenario.lifeAt ?? USUAL_TIME).split(':').map(Number)
  return SCENARIO_DAY + hours * HOUR_MS + minutes * MINUTE_MS - startAt
}

function checkKnown(device: EstateDevice, name: string, simulations: Simulations): void {
  const simulation = simulations.get(device.kind)
  const known = [...(simulation ? knownInputs(simulation) : COMMON_INPUTS), ...(device.kind === 'gateway' ? LINE_INPUTS : [])]
  if (!known.includes(name)) throw new RangeError(`${device.kind} does not know "${name}"; it knows ${known.join(', ')}`)
}
