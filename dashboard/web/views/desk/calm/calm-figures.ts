/** What makes a calm believable, counted from the live state: fence voltages, bays by what they are, fire lanes, people. */
import { dutyHolder, siteOf, type Estate } from '../../../../../domain/estate.ts'
import type { DeviceState } from '../../../../../domain/live.ts'
import type { ParkingBaySite } from '../../../../../devices/parking-bay/site.ts'
import { isTrusted } from '../../../live/coverage.ts'
import { deviceKey } from '../../../live/device-key.ts'

export interface CalmFigures {
  readonly zones: { readonly have: number; readonly of: number; readonly leastKv: number | undefined; readonly mostKv: number | undefined }
  readonly bays: { readonly taken: number; readonly free: number; readonly closed: number }
  /** Only those known to be free are clear. */
  readonly lanes: { readonly clear: number; readonly of: number }
  readonly people: { readonly of: number; readonly missing: number }
}

export function calmFigures(estate: Estate, devices: ReadonlyMap<string, DeviceState>): CalmFigures {
  const zones = { have: 0, of: 0, kv: [] as number[] }
  const bays = { taken: 0, free: 0, closed: 0 }
  const lanes = { clear: 0, of: 0 }
  let missing = 0
  for (const device of estate.devices) {
    if (dutyHolder(estate, 'responsible', { kind: device.kind, device: device.id }) === null) missing += 1
    const state = devices.get(deviceKey(device.kind, device.id))
    const trusted = state !== undefined && isTrusted(state)
    if (device.kind === 'fence-zone') {
      zones.of += 1
      if (trusted) zones.have += 1
      const kv = trusted ? state.reading?.['voltage_kv'] : undefined
      if (typeof kv === 'number') zones.kv.push(kv)
    }
    if (device.kind === 'parking-bay') {
      const status = trusted ? state.reading?.['status'] : undefined
      const use = siteOf<ParkingBaySite>(device).use
      if (use === 'fire-lane') {
        lanes.of += 1
        if (status === 'free') lanes.clear += 1
      }
      if (use !== 'bay') continue
      if (status === 'occupied') bays.taken += 1
      else if (status === 'free') bays.free += 1
      else if (status === 'closed') bays.closed += 1
    }
  }
  return {
    zones: {
      have: zones.have,
      of: zones.of,
      leastKv: zones.kv.length > 0 ? Math.min(...zones.kv) : undefined,
      mostKv: zones.kv.length > 0 ? Math.max(...zones.kv) : undefined,
    },
    bays,
    lanes,
    people: { of: estate.devices.length, missing },
  }
}
