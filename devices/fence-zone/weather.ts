/** Rain over Shanghai as a pure function of time: showers that come, swell and go. */
import { HOUR_MS, type EpochMs } from '../../domain/clock.ts'

/** Millimetres an hour; dry about four hours in five, most in June and July. */
export function rainMmPerHour(at: EpochMs): number {
  const hour = at / HOUR_MS
  const from = shower(Math.floor(hour))
  const to = shower(Math.floor(hour) + 1)
  return from + (to - from) * (hour - Math.floor(hour))
}

function shower(hour: number): number {
  const season = 0.25 + 0.15 * Math.sin(((hour / 24 - 80) / 365.25) * 2 * Math.PI)
  const spell = noise(Math.floor(hour / 7)) // weather stays for some hours
  return spell < season ? noise(hour + 0.5) * 14 * (1 - spell / season) : 0
}

/** 0 ≤ n < 1, the same for the same number. */
function noise(n: number): number {
  const wave = Math.sin(n * 127.1 + 311.7) * 43_758.5453
  return wave - Math.floor(wave)
}
