/** Turns what a device said into points for a telemetry store: measurement = kind, or `<kind>_event` for events and availability. */
import type { FieldValue } from '../domain/device-kind.ts'
import type { DeviceEvent, Observation } from '../domain/reading.ts'
import type { TelemetryPoint } from '../domain/telemetry.ts'
import { MOST_AHEAD_MS } from './decode/observed-at.ts'

/** Nothing for a reading that is not to be stored. */
export function toPoints(observation: Observation): readonly TelemetryPoint[] {
  const { kind, estate, device } = observation
  switch (observation.type) {
    case 'reading':
      return observation.stored ? [{ measurement: kind, estate, device, ts: storedAt(observation), values: observation.values }] : []
    case 'event':
      return [{ measurement: `${kind}_event`, estate, device, ts: storedAt(observation), values: eventValues(observation) }]
    case 'availability':
      return [
        {
          measurement: `${kind}_event`,
          estate,
          device,
          ts: observation.observedAt,
          values: { code: 'offline', active: !observation.online },
        },
      ]
  }
}

/** The device's own `ts`, also where it runs a little ahead: readings of one message keep apart, and one sent again falls on itself. */
function storedAt({ observedAt, clockAheadMs = 0 }: Observation): number {
  return clockAheadMs <= MOST_AHEAD_MS ? observedAt + clockAheadMs : observedAt
}

function eventValues({ code, active, scheme, wireCode, values }: DeviceEvent): Readonly<Record<string, FieldValue>> {
  return {
    ...values,
    code,
    active,
    ...(scheme !== undefined && { scheme }),
    ...(wireCode !== undefined && { wire_code: wireCode }),
  }
}
