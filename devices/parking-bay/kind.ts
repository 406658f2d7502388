/** What the sensor of one parking bay says: taken or free, and how it is itself. A bay that has not reported is unknown, never free. */
import { HOUR_MS } from '../../domain/clock.ts'
import type { KindDefinition } from '../../domain/device-kind.ts'
import { rules } from './rules.ts'

export const parkingBay: KindDefinition = {
  kind: 'parking-bay',
  name: { zh: '车位', en: 'Parking bay' },
  fields: {
    status: {
      type: 'enum',
      label: { zh: '状态', en: 'Status' },
      labels: { free: { zh: '空', en: 'free' }, occupied: { zh: '有车', en: 'taken' }, closed: { zh: '停用', en: 'closed' } },
    },
    battery_percent: { type: 'number', label: { zh: '电池', en: 'Battery' }, unit: '%', min: 0, max: 100 },
    temperature_celsius: { type: 'number', label: { zh: '温度', en: 'Temperature' }, unit: '°C', min: -60, max: 150 },
    rssi_dbm: { type: 'number', label: { zh: '信号', en: 'Signal' }, unit: 'dBm', min: -200, max: 20 },
  },
  events: ['fire-lane-occupied', 'green-occupied', 'battery-low', 'sensor-stuck', 'sensor-flickers'],
  expectedIntervalMs: () => 6 * HOUR_MS,
  rules,
}
