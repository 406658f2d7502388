/** Finds each kind's simulator in the kind's folder: a new kind needs no line here. */
import { KINDS } from '../devices/index.ts'
import type { DeviceSimulation } from '../devices/simulation.ts'

/** By kind. */
export type Simulations = ReadonlyMap<string, DeviceSimulation>

export async function loadSimulations(kinds: readonly string[] = KINDS.map(({ kind }) => kind)): Promise<Simulations> {
  return new Map(await Promise.all(kinds.map(async (kind) => [kind, await loadSimulation(kind)] as const)))
}

async function loadSimulation(kind: string): Promise<DeviceSimulation> {
  const loaded = (await import(`../devices/${kind}/simulate.ts`)) as { readonly simulation?: DeviceSimulation }
  if (!loaded.simulation) throw new Error(`devices/${kind}/simulate.ts must export \`simulation\``)
  return loaded.simulation
}
