/** Seeded series of random numbers: one for each device, so that what one device does never shifts another's. */
import type { Random } from '../devices/simulation.ts'

/** mulberry32: 32 bits of state, period 2^32, more than a simulated year needs. */
export function startRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** FNV-1a over the seed and the names: the same device has the same series in every run with this seed. */
export function seedOf(seed: number, ...names: readonly string[]): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (const byte of Buffer.from(names.join('/'))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
