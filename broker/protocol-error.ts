/** Tells what a client did against MQTT from a connection that merely broke, and from what is counted where we refuse it ourselves. */
import { PacketTooLarge } from './aedes-internals.ts'

/** How aedes 1.2.0 and mqtt-packet 9 begin their complaints about a packet. */
const COMPLAINTS =
  /^(Invalid|Malformed|Packet|Not supported|Unknown|Cannot parse|Connect flag|Will |connect did not arrive|empty topic|topic has|impossible to|[#+] is |maxInflightInbound|Client queue limit)/i

export function isProtocolError(error: Error): boolean {
  return error instanceof PacketTooLarge || COMPLAINTS.test(error.message)
}
