/** Which gateways are connected: a device that has been silent since its gateway went is `unknown`. */
import { MINUTE_MS } from '../../../domain/clock.ts'
import type { Presence } from '../../../domain/system.ts'

export interface GatewayPresence {
  readonly connections: number
  /** Journal number at which its last connection ended; 0 = never. */
  readonly goneSeq: number
  /** After a restart of the broker it has until then (on the silence clock) to return. */
  readonly returnByMs: number | null
  /** Journal number of its newest message. */
  readonly heardSeq: number
}

export const NEVER_CONNECTED: GatewayPresence = { connections: 0, goneSeq: 0, returnByMs: null, heardSeq: 0 }
export const RETURN_MS = MINUTE_MS

export function applyPresence(gateway: GatewayPresence, presence: Presence, seq: number): GatewayPresence {
  const isGone = presence.what === 'gone' && presence.connections === 0
  return {
    ...gateway,
    connections: presence.connections,
    goneSeq: isGone ? seq : gateway.goneSeq,
    returnByMs: null,
  }
}

/** The broker has been restarted: nobody is connected any more, and that says nothing about the gateway yet. */
export function awaitReturn(gateway: GatewayPresence, nowMs: number): GatewayPresence {
  return gateway.connections > 0 ? { ...gateway, connections: 0, returnByMs: nowMs + RETURN_MS } : gateway
}

/** Not back in time: gone, unless its messages say otherwise (presence follows the data). */
export function expireReturn(gateway: GatewayPresence, now: { readonly ms: number; readonly seq: number }): GatewayPresence {
  if (gateway.returnByMs === null || now.ms < gateway.returnByMs) return gateway
  return { ...gateway, returnByMs: null, goneSeq: now.seq }
}
