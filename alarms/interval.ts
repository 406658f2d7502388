/** How long until a device's next message is due, by its kind and its newest values. */
import { MINUTE_MS } from '../domain/clock.ts'
import type { FieldValue } from '../domain/device-kind.ts'
import type { Device } from './engine-state.ts'

/** For what has no kind of its own: the system itself. */
const DEFAULT_INTERVAL_MS = MINUTE_MS

export function intervalOf({ definition, state }: Device): number {
  if (!definition) return DEFAULT_INTERVAL_MS
  const values: Record<string, FieldValue> = {}
  for (const name in state.live.fields) values[name] = state.live.fields[name]![0]
  return definition.expectedIntervalMs(values)
}
