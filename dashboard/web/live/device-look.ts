/** How a device and each of its values are to be drawn: what is not known must never look normal. */
import type { DeviceState } from '../../../domain/live.ts'
import { findKind } from '../../../devices/index.ts'
import type { Connection } from './live-socket.ts'

export type DeviceLook = 'ok' | 'fault' | 'stale' | 'offline' | 'unknown'
export type ValueLook = 'loading' | 'empty' | 'live' | 'stale' | 'offline' | 'unknown'

/** @param faulty an alarm of this device stands */
export function deviceLook(device: Pick<DeviceState, 'status'> | undefined, connection: Connection, faulty = false): DeviceLook {
  if (!device || connection !== 'live' || device.status === 'unknown') return 'unknown'
  if (device.status === 'offline') return 'offline'
  if (device.status === 'stale') return 'stale'
  return faulty ? 'fault' : 'ok'
}

/** @param known false for a field the device never sent */
export function valueLook(device: Pick<DeviceState, 'status'> | undefined, connection: Connection, known = true): ValueLook {
  if (connection === 'connecting') return 'loading'
  const look = deviceLook(device, connection)
  if (look === 'ok' || look === 'fault') return known ? 'live' : 'unknown'
  return look
}

/** How long until this device's next telemetry is due; undefined for a kind we do not know. */
export function expectedIntervalMs(device: Pick<DeviceState, 'kind' | 'reading'>): number | undefined {
  return findKind(device.kind)?.expectedIntervalMs(device.reading ?? {})
}
