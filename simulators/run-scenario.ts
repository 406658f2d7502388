/** Plays a scenario on the devices of one estate while they live on. */
import { type EpochMs } from '../domain/clock.ts'
import { planScenario } from './plan-scenario.ts'
import type { Scenario } from './scenario.ts'
import type { Simulations } from './load-simulations.ts'
import type { VirtualEstate } from './virtual-estate.ts'

export interface RunningScenario {
  /** When the first message that tells of it was sent; resolves once the broker has acknowledged it. */
  readonly published: Promise<EpochMs>
  /** All of its inputs were told. */
  readonly done: Promise<void>
  /** What has not happened yet will not. */
  cancel(): void
}

/** @throws RangeError when the estate does not have what the scenario needs */
export function runScenario(
  scenario: Scenario,
  options: { readonly on: VirtualEstate; readonly simulations: Simulations; readonly seed: number; readonly startAt?: EpochMs },
): RunningScenario {
  const { on, simulations, seed } = options
  const startAt = options.startAt ?? on.now()
  let cancelled = false
  const told = planScenario(scenario, { estate: on.estate, simulations, seed }).map(({ afterMs, device, name, options: with_ }) =>
    on.schedule({ at: startAt + afterMs, device, name, options: with_, isCancelled: () => cancelled }),
  )
  const done = Promise.all(told).then(() => undefined)
  done.catch(() => undefined) // whoever waits for it hears of it
  return {
    published: told[0] ?? Promise.resolve(startAt),
    done,
    cancel: () => {
      cancelled = true
    },
  }
}
