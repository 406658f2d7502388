/** What a row of the tables says of one alarm code, and what the rows share. */
import type { Bench } from './harness.ts'

/** One alarm code: what raises it, with which priority, and what ends it. */
export interface Case {
  readonly code: string
  readonly title?: string
  readonly before?: (bench: Bench) => void
  readonly raise: (bench: Bench) => void
  readonly priority: 1 | 2 | 3
  readonly latches?: boolean
  readonly end: (bench: Bench) => void
  readonly kind: string
  readonly detail?: Record<string, unknown>
}

export const zone = 'fence-zone/zone-2'
export const cam = 'camera/cam-3'
export const lift = 'elevator/lift-1'
export const standing = {
  mode: 'normal',
  floor: 3,
  direction: 'none',
  speed_mps: 0,
  door: 'closed',
  in_door_zone: true,
  passenger: false,
  power: 'mains',
}

export function after(seconds: number, then: (bench: Bench) => void): (bench: Bench) => void {
  return (bench) => {
    bench.seconds(seconds)
    then(bench)
  }
}
