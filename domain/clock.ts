/** Instants are milliseconds since the Unix epoch; the clock is handed in wherever something is decided. */
export type EpochMs = number

/** Where "now" comes from; tests hand in their own. */
export type Clock = () => EpochMs

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The wall clock. */
export const systemClock: Clock = () => Date.now()
