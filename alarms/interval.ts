/** How long until a device's next message is due, by its kind and its newest values. */
import { MINUTE_MS } from '../domain/clock.ts'
import type { FieldValue } from '../domain/device-kind.ts'
import type { Device } from './engine-state.ts'

/** For what has no kind of its own: the system itself. */
const DEFAULT_INTERVAL_MS = MINUTE_MS

const NO_VALUES = {}

/** Worked out once for each reading. */
export function intervalOf(device: Device): number {
  const { definition, state, interval } = device
  if (!definition) return DEFAULT_INTERVAL_MS
  if (interval?.at === state.live.telemetryAt) return interval.ms
  if (definition.expectedIntervalMs.length === 0) return definition.expectedIntervalMs(NO_VALUES) // it asks for none
  const values: Record<string, FieldValue> = {}
  for (const name in state.live.fields) values[name] = state.live.fields[name]![0]
  const ms = definition.expectedIntervalMs(values)
  device.interval = { at: state.live.telemetryAt, ms }
  return ms
}
