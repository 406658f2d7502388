/** The few private parts of aedes 1.2.0 and mqtt-packet 9 that the broker needs; the versions are pinned and `test/broker` fails when one moves. */
import type { Duplex } from 'node:stream'
import type { Client } from 'aedes'

interface Parser {
  packet: { readonly length: number }
  _parseLength(): boolean
  _emitError(error: Error): unknown
}
interface Internals {
  readonly _parser: Parser
  readonly _keepaliveTimer: NodeJS.Timeout | null
  readonly _authorized: boolean
  will: unknown
  _will: unknown
}

export class PacketTooLarge extends Error {}

/** Refuses a packet by its announced length, before any of it is kept (bare aedes takes 256 MiB). */
export function limitPacketSize(client: Client, maxBytes: number): void {
  const { _parser: parser } = client as unknown as Internals
  const parseLength = parser._parseLength.bind(parser)
  parser._parseLength = () => {
    const done = parseLength()
    if (!done || parser.packet.length <= maxBytes) return done
    parser._emitError(new PacketTooLarge(`A packet of ${parser.packet.length} bytes is larger than ${maxBytes}.`))
    return false
  }
}

/** When we end a connection ourselves, nothing has happened to the device: its will must not be told. */
export function dropWill(client: Client): void {
  const internals = client as unknown as Internals
  internals.will = null
  internals._will = null
}

/** A client that we read slowly on purpose cannot get its pings through; it is alive. */
export function refreshKeepAlive(client: Client): void {
  ;(client as unknown as Internals)._keepaliveTimer?.refresh()
}

/** aedes waits for a socket to drain once this much is buffered, and everybody waits with it; so a slow reader must be cut below. */
export function setWriteBuffer(stream: Duplex, bytes: number): void {
  const state = (stream as unknown as { _writableState?: { highWaterMark: number } })._writableState
  if (state) state.highWaterMark = bytes
}
