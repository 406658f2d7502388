/** How long a request may take to arrive: who sends a byte now and then holds a connection, not the server (Fastify's own default is for ever). */
export interface TimeLimits {
  readonly headMs: number
  /** Head and body: an estate's file of 16 MiB over a slow line. */
  readonly requestMs: number
  /** How often connections are looked at. */
  readonly lookMs: number
}

export const TIME_LIMITS: TimeLimits = { headMs: 10_000, requestMs: 60_000, lookMs: 2000 }

export function toServerOptions({ headMs, requestMs, lookMs }: TimeLimits) {
  return { headersTimeout: headMs, requestTimeout: requestMs, connectionsCheckingInterval: lookMs }
}
