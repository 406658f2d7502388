/** Watches the free space of the data folder and says what may still be taken in. */
import { statfsSync } from 'node:fs'
import type { BrokerStats } from '../domain/broker-stats.ts'
import { SYSTEM_TOPICS, SYSTEM_VERSION, type SystemFault } from '../domain/system.ts'

export type DiskStage = BrokerStats['disk']['stage']

export const WARNING_MIB = 4096
export const TRIM_MIB = 2048
/** Below this nothing is taken in. */
export const FULL_MIB = 64
/** A stage is left only when there is this much more room than where it began. */
const MORE = 1.1
const LOOK_MS = 50
/** After SQLite itself found the disk full, whatever the free space says. */
const HOLD_FULL_MS = 500

/** Pure: the stage at this free space, coming from `before`. */
export function diskStage(freeMib: number, floorMib: number, before: DiskStage): DiskStage {
  const order: readonly DiskStage[] = ['full', 'floor', 'low', 'ok']
  const limits = [FULL_MIB, Math.max(FULL_MIB, floorMib), Math.max(WARNING_MIB, floorMib)]
  const at = (factor: number) => {
    const found = limits.findIndex((limit) => freeMib < limit * factor)
    return found < 0 ? limits.length : found
  }
  const now = at(1)
  const was = order.indexOf(before)
  return order[now <= was ? now : Math.max(was, at(MORE))]!
}

export interface Disk {
  /** Looks again, at most each 50 ms; cheap enough for every commit. */
  look(): void
  stage(): DiskStage
  freeMib(): number
  /** SQLite could not write. */
  wasFull(): void
  close(): void
}

export function startDisk(options: {
  readonly dataDir: string
  readonly floorMib: number
  readonly append: (topic: string, payload: unknown) => Promise<unknown>
  /** Called when the stage changes, not for the first one. */
  readonly onStage: (stage: DiskStage, before: DiskStage) => void
  readonly freeMib?: () => number
}): Disk {
  const measure = options.freeMib ?? (() => freeMibOf(options.dataDir))
  let freeMib = measure()
  let stage = diskStage(freeMib, options.floorMib, 'ok')
  let said: DiskStage = 'ok'
  let lookedAt = 0
  let fullUntil = 0

  const look = () => {
    const now = performance.now()
    if (now - lookedAt < LOOK_MS) return
    lookedAt = now
    freeMib = measure()
    const next = now < fullUntil ? 'full' : diskStage(freeMib, options.floorMib, stage)
    if (next === stage) return
    const before = stage
    stage = next
    options.onStage(stage, before)
  }
  // The alarm is told again until the journal has taken it.
  const tell = () => {
    look()
    if (said === stage) return
    const telling = stage
    const fault: SystemFault = {
      v: SYSTEM_VERSION,
      code: 'disk-low',
      active: telling !== 'ok',
      detail: describe(telling, freeMib, options.floorMib),
    }
    options.append(SYSTEM_TOPICS.fault, fault).then(
      () => (said = telling),
      () => undefined,
    )
  }
  const timer = setInterval(tell, 1_000)
  return {
    look,
    stage: () => stage,
    freeMib: () => Math.floor(freeMib),
    wasFull: () => {
      fullUntil = performance.now() + HOLD_FULL_MS
      lookedAt = 0
      look()
    },
    close: () => clearInterval(timer),
  }
}

function freeMibOf(dataDir: string): number {
  const { bavail, bsize } = statfsSync(dataDir)
  return (bavail * bsize) / (1 << 20)
}

function describe(stage: DiskStage, freeMib: number, floorMib: number): string {
  const free = `${Math.floor(freeMib)} MiB free`
  if (stage === 'ok') return `${free}.`
  if (stage === 'low') return `${free}: make room; under ${TRIM_MIB} MiB the oldest data goes first.`
  if (stage === 'floor') return `${free}, under the floor of ${floorMib} MiB: telemetry of cameras, bays and gateways is refused.`
  return `${free}: nothing is taken in until there is room.`
}
