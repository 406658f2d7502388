/** A lift's reading as measurements send it: calm, so that no rule raises anything, and each one different from every other. */
import type { FieldValues } from '../domain/device-kind.ts'
import type { TelemetryPoint } from '../domain/telemetry.ts'

/** `n` is in it as `run_count`, so that what is stored can be told apart and counted. */
export function liftValues(n: number): FieldValues {
  return {
    mode: 'normal',
    floor: (n % 30) + 1,
    direction: 'none',
    speed_mps: (n % 16) / 10,
    door: 'closed',
    in_door_zone: true,
    passenger: false,
    load_percent: n % 90,
    run_count: n,
  }
}

/** Points of all lifts in turn, each lift's `stepMs` apart. */
export function liftPoints(options: {
  readonly from: number
  readonly count: number
  readonly lifts: number
  readonly startsAt: number
  readonly stepMs: number
}): readonly TelemetryPoint[] {
  const { from, count, lifts, startsAt, stepMs } = options
  return Array.from({ length: count }, (_, i) => {
    const n = from + i
    return {
      measurement: 'elevator',
      estate: 'bench',
      device: `lift-${n % lifts}`,
      ts: startsAt + Math.floor(n / lifts) * stepMs,
      values: liftValues(n),
    }
  })
}
