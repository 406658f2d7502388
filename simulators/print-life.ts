/** Writes what an estate's devices would publish as JSON lines, without a broker and as fast as it goes. */
import type { EpochMs } from '../domain/clock.ts'
import type { Estate } from '../domain/estate.ts'
import { startEstateLife, type DeviceMessage } from './estate-life.ts'
import type { Simulations } from './load-simulations.ts'
import { LINE_INPUTS, planScenario } from './plan-scenario.ts'
import type { Scenario } from './scenario.ts'

export interface LifeToTell {
  readonly estate: Estate
  readonly simulations: Simulations
  readonly seed: number
  readonly startAt: EpochMs
  readonly lifeOffsetMs: number
  readonly scenario: Scenario | undefined
  readonly lengthMs: number
}

export function printLife(options: LifeToTell): void {
  for (const message of tellLife(options)) console.log(JSON.stringify(message))
}

/** Every message in order. A gateway's lost line is not in it: that is the connection's, not the devices'. */
export function* tellLife(options: LifeToTell): Generator<DeviceMessage> {
  const { scenario, startAt, lengthMs } = options
  const life = startEstateLife(options)
  for (const connection of life.connections) yield* life.present(connection)
  const planned = scenario ? planScenario(scenario, options) : []
  for (const { afterMs, device, name, options: inputOptions } of planned) {
    if (afterMs > lengthMs) break
    yield* life.advance(startAt + afterMs)
    if (!LINE_INPUTS.some((known) => known === name)) yield* life.input(device, name, inputOptions)
  }
  // in slices, so that a long life is told while it is lived
  for (let at = life.now(); at < startAt + lengthMs;) {
    at = Math.min(startAt + lengthMs, at + 60_000)
    yield* life.advance(at)
  }
}
