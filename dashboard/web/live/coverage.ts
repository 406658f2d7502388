/** Whether calm may be said: how many devices of each kind are trusted now, and how old the oldest reading is. */
import { siteOf, type Estate } from '../../../domain/estate.ts'
import type { DeviceState } from '../../../domain/live.ts'
import type { FenceZoneSite } from '../../../devices/fence-zone/site.ts'
import { isWatching, zoneLengthM } from '../../../devices/fence-zone/watched.ts'
import { deviceKey } from './device-key.ts'
import { expectedIntervalMs } from './device-look.ts'

export interface KindCoverage {
  readonly kind: string
  /** Trusted now, in the kind's unit: metres of fence, else devices. */
  readonly have: number
  readonly of: number
  /** Age of the oldest reading among those that are trusted, ms; null where there is none. */
  readonly oldestMs: number | null
}

export interface Coverage {
  /** Only kinds that the estate has. */
  readonly kinds: readonly KindCoverage[]
  readonly complete: boolean
  /** Among devices that report at least once a minute; a bay that says nothing for hours is no old reading. */
  readonly oldest: { readonly ageMs: number; readonly kind: string; readonly device: string } | null
}

/** The kinds whose watch makes a calm; gateways show in the devices behind them. */
export const WATCHED_KINDS = ['camera', 'fence-zone', 'parking-bay', 'elevator'] as const
const FREQUENT_MS = 60_000

export function coverage(estate: Estate, devices: ReadonlyMap<string, DeviceState>, now: number): Coverage {
  let oldest: Coverage['oldest'] = null
  const kinds: KindCoverage[] = []
  for (const kind of WATCHED_KINDS) {
    const members = estate.devices.filter((device) => device.kind === kind)
    if (members.length === 0) continue
    let [have, of] = [0, 0]
    let oldestMs: number | null = null
    for (const member of members) {
      const size = kind === 'fence-zone' ? zoneLengthM(siteOf<FenceZoneSite>(member)) : 1
      of += size
      const state = devices.get(deviceKey(kind, member.id))
      if (!state || !isTrusted(state)) continue
      have += size
      const ageMs = Math.max(0, now - (state.receivedAt ?? now))
      if (oldestMs === null || ageMs > oldestMs) oldestMs = ageMs
      if ((expectedIntervalMs(state) ?? Infinity) <= FREQUENT_MS && (oldest === null || ageMs > oldest.ageMs))
        oldest = { ageMs, kind, device: member.id }
    }
    kinds.push({ kind, have, of, oldestMs })
  }
  return { kinds, complete: kinds.every(({ have, of }) => have === of), oldest }
}

/** Can what this device is there for be relied on now? */
export function isTrusted(state: DeviceState): boolean {
  if (state.status !== 'online' || !state.reading) return false
  if (state.kind === 'camera') return state.reading['video'] === 'ok' && state.reading['recording'] !== false
  if (state.kind === 'fence-zone') return isWatching(state)
  return true
}
