/** Which devices of a list are shown, and in which order: those that need eyes first, then as people count them. */
import type { Alarm } from '../../../../domain/alarm.ts'
import { DEVICE_STATUSES, type DeviceState, type DeviceStatus } from '../../../../domain/live.ts'

export interface DeviceFilter {
  readonly text: string
  /** `trouble` = a standing alarm, or not online. */
  readonly show: DeviceStatus | 'all' | 'trouble'
}

export interface DeviceRow {
  readonly device: DeviceState
  /** The worst alarm that stands on it. */
  readonly alarm: Alarm | undefined
}

export function filterDevices(rows: readonly DeviceRow[], filter: DeviceFilter): readonly DeviceRow[] {
  const text = filter.text.trim().toLowerCase()
  return rows.filter((row) => fits(row, filter.show) && (text === '' || mentions(row, text)))
}

function fits({ device, alarm }: DeviceRow, show: DeviceFilter['show']): boolean {
  if (show === 'all') return true
  if (show === 'trouble') return alarm !== undefined || device.status !== 'online'
  return device.status === show
}

function mentions({ device }: DeviceRow, text: string): boolean {
  return device.name.toLowerCase().includes(text) || device.id.includes(text)
}

/** Alarms by priority, then silent ones, then the rest in the order of their numbers (`2号` before `11号`). */
export function orderDevices(rows: readonly DeviceRow[]): readonly DeviceRow[] {
  const numeric = new Intl.Collator('zh', { numeric: true })
  return [...rows].sort((a, b) => trouble(a) - trouble(b) || numeric.compare(a.device.id, b.device.id))
}

function trouble({ device, alarm }: DeviceRow): number {
  if (alarm) return alarm.priority
  return device.status === 'online' ? 9 : 4
}

export function countByStatus(devices: readonly DeviceState[]): Readonly<Record<DeviceStatus, number>> {
  const counts: Record<DeviceStatus, number> = { online: 0, stale: 0, offline: 0, unknown: 0 }
  for (const { status } of devices) counts[status]++
  return counts
}

export const FILTERS = ['all', 'trouble', ...DEVICE_STATUSES] as const
