/** What strangers and madmen send to the MQTT listener, a connection each: bytes that are no MQTT, CONNECTs that make no sense, and packets that no client may send after it was let in. */
import type { Random } from '../../devices/simulation.ts'
import type { Login } from '../../simulators/virtual-gateway.ts'
import { connectPacket, packet, publishPacket, remainingLength, subscribePacket, text, uint16 } from './packets.ts'

export interface HostileConnection {
  /** Whether a sound CONNECT with a credential goes first. */
  readonly letIn: boolean
  readonly bytes: Buffer
  /** Under which refusal the broker must count it; undefined where it is no breach, or where we leave in the middle of a packet. */
  readonly counted?: 'protocol' | 'publish' | 'subscribe' | 'wrong-credentials' | 'bad-client-id' | 'will' | 'rejected'
}

type Make = (random: Random, login: Login, estate: string) => HostileConnection

const NUL = '\u0000'
const BAD_UTF8 = Buffer.from([0x65, 0xff, 0xfe, 0x2f, 0xc0, 0xaf])
const stranger = (bytes: Buffer, counted?: HostileConnection['counted']): HostileConnection => ({
  letIn: false,
  bytes,
  ...(counted !== undefined && { counted }),
})
const member = (bytes: Buffer, counted?: HostileConnection['counted']): HostileConnection => ({
  letIn: true,
  bytes,
  ...(counted !== undefined && { counted }),
})
const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!
const noise = (random: Random, length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))

const MAKERS: Readonly<Record<string, Make>> = {
  // before a CONNECT was taken
  'HTTP on the MQTT port': () => stranger(Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n'), 'protocol'),
  'TLS on the plain port': () => stranger(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]), 'protocol'),
  'reserved packet type': (random) => stranger(packet(pick([0x00, 0xf0], random), Buffer.alloc(2)), 'protocol'),
  'publish without CONNECT': () => stranger(publishPacket('estates/x/camera/c/telemetry', '{}'), 'protocol'),
  'wrong protocol name': (random) => stranger(connectPacket({ protocol: pick(['MQTX', 'mqtt', '', 'MQIsdq'], random) }), 'protocol'),
  'wrong protocol level': (random) => stranger(connectPacket({ level: pick([0, 1, 2, 6, 127, 255], random) }), 'protocol'),
  'reserved flag in CONNECT': () => stranger(connectPacket({ flags: 0x03, clientId: 'a' }), 'protocol'),
  'length that never ends': () => stranger(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), 'protocol'),
  'packet of 256 MiB': () => stranger(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x04]), 'protocol'),
  'half a CONNECT': (random) => {
    const whole = connectPacket({ clientId: 'half', username: 'a', password: 'b' })
    return stranger(whole.subarray(0, 1 + Math.floor(random() * (whole.length - 1))))
  },
  'CONNECT shorter than its parts': () =>
    stranger(packet(0x10, text('MQTT'), Buffer.from([4, 0xc2]), uint16(30), text('a'), uint16(500)), 'protocol'),
  'empty CONNECT': () => stranger(Buffer.from([0x10, 0x00]), 'protocol'),
  'wrong password': (random) =>
    stranger(connectPacket({ clientId: 'a', username: `guess-${Math.floor(random() * 400)}`, password: 'x' }), 'wrong-credentials'),
  'user name with NUL': (random) =>
    stranger(connectPacket({ clientId: 'a', username: `gw${NUL}${Math.floor(random() * 400)}`, password: 'x' }), 'wrong-credentials'),
  'password without a user': () => stranger(connectPacket({ clientId: 'a', flags: 0x42, password: 'x' }), 'wrong-credentials'),
  'empty id of a kept session': (_random, { username, password }) =>
    stranger(connectPacket({ clientId: '', username, password, flags: 0xc0 }), 'bad-client-id'),
  'will outside its rights': (random, { username, password }) =>
    stranger(
      connectPacket({
        clientId: 'w',
        username,
        password,
        will: { topic: pick(['system/tick', '#', '$SYS/x', `a${NUL}b`], random), payload: 'x' },
      }),
      'will',
    ),
  noise: (random) => stranger(Buffer.concat([Buffer.from([0x00, 0x00]), noise(random, Math.floor(random() * 2000))]), 'protocol'),
  // after it
  'second CONNECT': (_random, login) => member(connectPacket({ clientId: 'twice', ...login }), 'protocol'),
  'publish on a filter': (random) => member(publishPacket(pick(['#', '+', 'estates/+/camera', 'a/#'], random), 'x'), 'protocol'),
  'publish on our own topics': (random, _login, estate) =>
    member(
      publishPacket(
        pick(['system/tick', 'system/records', '$SYS/x', `estates/${estate}/alarms/x`, 'estates//camera/c/telemetry'], random),
        '{}',
      ),
      'publish',
    ),
  'topic with NUL': (_random, _login, estate) => member(publishPacket(`estates/${estate}/camera/c${NUL}/telemetry`, 'x'), 'publish'),
  'topic that is not UTF-8': () => member(publishPacket(BAD_UTF8, 'x'), 'publish'),
  'topic of 65,535 levels': () => member(publishPacket('/'.repeat(65_534), 'x'), 'protocol'),
  'topic of 65,535 letters': (_random, _login, estate) =>
    member(publishPacket(`estates/${estate}/camera/${'x'.repeat(65_000)}/telemetry`, 'x'), 'publish'),
  'path in a topic': (_random, _login, estate) => member(publishPacket(`estates/${estate}/../../system/tick`, 'x'), 'publish'),
  'another estate': () => member(publishPacket('estates/elsewhere/camera/c/telemetry', '{}', { qos: 2, id: 9 }), 'publish'),
  'empty topic': () => member(publishPacket('', 'x'), 'protocol'),
  'QoS 3': () => member(packet(0x36, text('a'), uint16(1), Buffer.from('x')), 'protocol'),
  // taken as a message (of a device that is not there)
  'packet id 0': (_random, _login, estate) => member(publishPacket(`estates/${estate}/camera/c/telemetry`, 'x', { id: 0 }), 'rejected'),
  'topic longer than its packet': () => member(packet(0x32, uint16(60_000), Buffer.from('short')), 'protocol'),
  'half a publish': (random) => member(publishPacket('estates/x', 'x'.repeat(500)).subarray(0, 3 + Math.floor(random() * 400))),
  'packet over 1 MiB': () => member(Buffer.concat([Buffer.from([0x32]), remainingLength(3 << 20), text('a')]), 'protocol'),
  'subscribe to everything': (random) =>
    member(subscribePacket([pick(['#', '+/#', '$SYS/#', 'system/#', 'estates/+/#', 'estates/#', 'a#', 'a+/b'], random)]), 'subscribe'),
  'filter with NUL': () => member(subscribePacket([`a${NUL}b`]), 'subscribe'),
  'filter that is none': (random) => member(subscribePacket([pick(['#/a', ''], random)]), 'protocol'),
  'subscribe to nothing': () => member(packet(0x82, uint16(1)), 'protocol'),
  'subscribe with wrong flags': () => member(packet(0x80, uint16(1), text('a'), Buffer.from([0])), 'protocol'),
  'subscribe with QoS 3': () => member(subscribePacket(['a'], { qos: 3 }), 'protocol'),
  'acknowledgement of nothing': (random) => member(packet(pick([0x40, 0x50, 0x62, 0x70], random), uint16(Math.floor(random() * 65_536)))),
  'packet for clients only': (random) => member(packet(pick([0x20, 0x90, 0xb0, 0xd0], random), Buffer.alloc(2))),
  'ping with a body': () => member(packet(0xc0, Buffer.alloc(300))),
  'noise after CONNECT': (random) => member(Buffer.concat([Buffer.from([0xf7]), noise(random, Math.floor(random() * 2000))]), 'protocol'),
}

export const CONNECTION_KINDS: readonly string[] = Object.keys(MAKERS)

export function hostileConnection(name: string, random: Random, by: { readonly login: Login; readonly estate: string }): HostileConnection {
  return MAKERS[name]!(random, by.login, by.estate)
}
