/** MQTT packets byte by byte, sound and unsound (MQTT 3.1.1 §2 and §3): a header, the remaining length, and what follows. */
import { Buffer } from 'node:buffer'

/** §2.2.3: seven bits a byte, the highest says that more follow. */
export function remainingLength(length: number): Buffer {
  const bytes: number[] = []
  do {
    const rest = Math.floor(length / 128)
    bytes.push((length % 128) | (rest > 0 ? 0x80 : 0))
    length = rest
  } while (length > 0)
  return Buffer.from(bytes)
}

export function packet(header: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([header]), remainingLength(body.length), body])
}

/** §1.5.3: two bytes of length before the text; what is given as bytes goes as it is. */
export function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as string)
  return Buffer.concat([uint16(bytes.length), bytes])
}

export function uint16(value: number): Buffer {
  return Buffer.from([(value >> 8) & 0xff, value & 0xff])
}

export interface ConnectParts {
  readonly protocol?: string
  readonly level?: number
  readonly flags?: number
  readonly keepAliveS?: number
  readonly clientId?: string | Uint8Array
  readonly will?: { readonly topic: string | Uint8Array; readonly payload: string }
  readonly username?: string | Uint8Array
  readonly password?: string | Uint8Array
}

/** §3.1; the flags follow from what is given unless they are given themselves. */
export function connectPacket(parts: ConnectParts): Buffer {
  const { protocol = 'MQTT', level = 4, keepAliveS = 30, clientId = '', will, username, password } = parts
  const flags =
    parts.flags ?? (username === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40) | (will === undefined ? 0 : 0x0c) | 0x02
  return packet(
    0x10,
    text(protocol),
    Buffer.from([level, flags]),
    uint16(keepAliveS),
    text(clientId),
    ...(will === undefined ? [] : [text(will.topic), text(will.payload)]),
    ...(username === undefined ? [] : [text(username)]),
    ...(password === undefined ? [] : [text(password)]),
  )
}

export function publishPacket(
  topic: string | Uint8Array,
  payload: string | Uint8Array,
  options: { readonly qos?: number; readonly id?: number; readonly retain?: boolean } = {},
): Buffer {
  const { qos = 1, id = 1, retain = false } = options
  const header = 0x30 | (qos << 1) | (retain ? 1 : 0)
  return packet(header, text(topic), ...(qos === 0 ? [] : [uint16(id)]), Buffer.from(payload as string))
}

export function subscribePacket(
  filters: readonly (string | Uint8Array)[],
  options: { readonly id?: number; readonly qos?: number } = {},
): Buffer {
  const { id = 1, qos = 1 } = options
  return packet(0x82, uint16(id), ...filters.flatMap((filter) => [text(filter), Buffer.from([qos])]))
}
