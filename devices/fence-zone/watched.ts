/** How many metres of fence a zone really watches: none while it is disarmed, blind, or not heard. */
import type { DeviceStatus } from '../../domain/live.ts'
import type { FieldValues } from '../../domain/device-kind.ts'
import type { FenceZoneSite } from './site.ts'

/** States in which a zone no longer detects anything. */
const BLIND = new Set(['cut', 'short', 'power-off'])

export function isWatching({ status, reading }: { readonly status: DeviceStatus; readonly reading: FieldValues | null }): boolean {
  return status === 'online' && reading?.['armed'] === true && !BLIND.has(String(reading['state']))
}

export function zoneLengthM({ fromM, toM }: FenceZoneSite): number {
  return toM - fromM
}
