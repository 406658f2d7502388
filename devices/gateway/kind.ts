/** What the box that other devices are behind says of itself. */
import { SECOND_MS } from '../../domain/clock.ts'
import type { KindDefinition } from '../../domain/device-kind.ts'
import { rules } from './rules.ts'

export const gateway: KindDefinition = {
  kind: 'gateway',
  name: { zh: '网关', en: 'Gateway' },
  fields: {
    uptime_s: { type: 'number', label: { zh: '已运行', en: 'Uptime' }, unit: 's', min: 0, max: 4e9 },
    queued: { type: 'number', label: { zh: '积压', en: 'Queued' }, unit: '', min: 0, max: 1e9, integer: true },
    clock_offset_ms: { type: 'number', label: { zh: '时钟偏差', en: 'Clock offset' }, unit: 'ms', min: -4e12, max: 4e12 },
  },
  events: [],
  expectedIntervalMs: () => 30 * SECOND_MS,
  rules,
}
