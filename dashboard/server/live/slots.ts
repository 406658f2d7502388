/** One place for each device that the estates in force have, with what is known of it and what waits to be decoded. */
import type { KindDefinition } from '../../../domain/device-kind.ts'
import type { Estate, EstateDevice, EstateSet } from '../../../domain/estate.ts'
import type { DeviceState, DeviceStatus } from '../../../domain/live.ts'
import { findKind } from '../../../devices/index.ts'
import type { DeviceRecord } from './device-record.ts'
import type { PendingEntry } from './pending.ts'

export interface Slot {
  readonly key: string
  readonly estate: string
  device: EstateDevice
  readonly kind: KindDefinition
  record: DeviceRecord | undefined
  status: DeviceStatus
  pending: PendingEntry[]
}

export type Slots = ReadonlyMap<string, Slot>

/** Devices that stay keep what is known of them; what is gone is forgotten. */
export function placeDevices(before: Slots, set: EstateSet, recordOf: (key: string) => DeviceRecord | undefined): Map<string, Slot> {
  const slots = new Map<string, Slot>()
  for (const estate of set.estates.values())
    for (const device of estate.devices) {
      const kind = findKind(device.kind)
      if (!kind) continue // a kind of another version of Estatewatch
      const key = slotKey(estate, device)
      const kept = before.get(key)
      if (kept) kept.device = device
      slots.set(key, kept ?? { key, estate: estate.id, device, kind, record: recordOf(key), status: 'unknown', pending: [] })
    }
  return slots
}

export function slotKey(estate: Pick<Estate, 'id'>, device: Pick<EstateDevice, 'kind' | 'id'>): string {
  return `${estate.id}/${device.kind}/${device.id}`
}

export function toDeviceState(device: EstateDevice, slot: Slot | undefined): DeviceState {
  const record = slot?.record
  return {
    id: device.id,
    kind: device.kind,
    name: device.name,
    status: slot?.status ?? 'unknown',
    observedAt: record?.observedAt ?? null,
    receivedAt: record?.receivedAt ?? null,
    reading: record?.values ?? null,
  }
}
