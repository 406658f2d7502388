/** Payloads that no sound device sends, on topics where it may publish: for each it is known how many rejections they must be counted as. */
import type { Random } from '../../devices/simulation.ts'

export interface HostilePayload {
  readonly kind: 'camera' | 'elevator' | 'fence-zone' | 'nobody'
  readonly channel: 'telemetry' | 'event' | 'availability'
  readonly payload: Buffer
  /** Rejections that must be counted for it. */
  readonly rejects: number
}

type Make = (random: Random) => HostilePayload

const SOUND = '{"fps":25,"video":"ok","recording":true,"storage_used_percent":40}'
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']

const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!
const telemetry = (text: string | Buffer, rejects = 1): HostilePayload => ({
  kind: 'camera',
  channel: 'telemetry',
  payload: Buffer.from(text as string),
  rejects,
})
const event = (kind: HostilePayload['kind'], text: string, rejects = 1): HostilePayload => ({
  kind,
  channel: 'event',
  payload: Buffer.from(text),
  rejects,
})
const bytes = (length: number, random: Random) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)))

const MAKERS: Readonly<Record<string, Make>> = {
  truncated: (random) => telemetry(SOUND.slice(0, Math.floor(random() * (SOUND.length - 1)))),
  'not UTF-8': (random) => telemetry(Buffer.concat([Buffer.from([0xff, 0xc0]), bytes(Math.floor(random() * 400), random)])),
  'overlong UTF-8': () => telemetry(Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])),
  'half a surrogate': () => telemetry(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])),
  'deep arrays': (random) => deep('[', ']', 2 + Math.floor(random() * 5000)),
  'deep arrays without an end': (random) => telemetry('['.repeat(1 + Math.floor(random() * 5000))),
  'deep objects': (random) => {
    const depth = 1 + Math.floor(random() * 3000)
    return telemetry(`{"fps":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`)
  },
  scalar: (random) => telemetry(pick(['null', 'true', '12', '"text"', '-0', '[]', '1e400'], random)),
  'no number': (random) => telemetry(`{"fps":${pick(['NaN', 'Infinity', '-Infinity', 'undefined', '0x10', '.5', '+1', '01'], random)}}`),
  'infinite number': (random) => telemetry(`{"fps":${pick(['1e999', '-1e999', '"NaN"', '"1"', '[1]', '{}', 'true'], random)}}`),
  'out of range': (random) => telemetry(`{"fps":${pick(['-1', '240.0001', '1e308', '9007199254740993'], random)},"video":"ok"}`),
  'unknown word': (random) => telemetry(JSON.stringify({ video: pick([...NAMES, '', 'OK', 'ok\u0000', '‮ok'], random) })),
  'prototype keys': (random) =>
    telemetry(`{"${pick(NAMES, random)}":{"fps":25,"polluted":true},"constructor":{"prototype":{"polluted":1}}}`),
  'key twice': () => telemetry('{"fps":25,"fps":25000}'),
  'many unknown keys': (random) =>
    telemetry(`{${Array.from({ length: 1 + Math.floor(random() * 2000) }, (_, i) => `"k${i}":${i}`).join(',')}}`),
  'too many elements': () => telemetry(`[${'{"fps":1},'.repeat(1000)}{"fps":1}]`),
  'bad elements': (random) => {
    const length = 1 + Math.floor(random() * 30)
    return telemetry(`[${Array.from({ length }, () => pick(['1', 'null', '[]', '{"fps":"x"}', '{}'], random)).join(',')}]`, length)
  },
  'no time': (random) => telemetry(`{"ts":${pick(['"now"', '-1', '1.5', '1e300', '{}', '[]', 'true', '"__proto__"'], random)},"fps":25}`),
  'time far ahead': () => telemetry('{"ts":8640000000000000,"fps":25}'),
  'time long past': () => telemetry('{"ts":0,"fps":25}'),
  'long text': (random) => telemetry(JSON.stringify({ fps: 'x'.repeat(Math.floor(random() * 100_000)) })),
  nothing: () => telemetry(''),
  'control characters': () => telemetry('{"video":"\u0000\u0007\u001b[31m"}'),
  'unknown code': (random) => event('camera', JSON.stringify({ code: pick([...NAMES, 7, null, {}, [], true], random), active: true })),
  'unknown scheme': (random) => event('elevator', JSON.stringify({ scheme: pick([...NAMES, 7, {}, []], random), code: 1, active: true })),
  'code of a scheme': (random) =>
    event(
      'elevator',
      JSON.stringify({ scheme: 'chongqing', code: pick([{}, [], true, '', 'a b', 'x'.repeat(33), -1e21], random), active: true }),
    ),
  'not yes or no': (random) => event('fence-zone', JSON.stringify({ code: 'cut', active: pick(['yes', 1, null, {}, []], random) })),
  // One more than the engine may remember of a device, again and again.
  'ever new codes': (random) =>
    event(
      'elevator',
      JSON.stringify({ scheme: 'chongqing', code: `x${Math.floor(random() * 1e12).toString(36)}`, active: random() < 0.5 }),
      0,
    ),
  'event is no object': (random) => event('fence-zone', pick(['[]', '1', 'null', '"cut"'], random)),
  'no availability': (random) => ({
    kind: 'camera',
    channel: 'availability',
    payload: Buffer.from(pick(['ON', 'online\u0000x', '{"state":"online"}', 'x'.repeat(5000), '\u0000'], random)),
    rejects: 1,
  }),
  'device of no one': () => ({ kind: 'nobody', channel: 'telemetry', payload: Buffer.from(SOUND), rejects: 1 }),
}

export const PAYLOAD_KINDS: readonly string[] = Object.keys(MAKERS)

export function hostilePayload(name: string, random: Random): HostilePayload {
  return MAKERS[name]!(random)
}

function deep(open: string, close: string, depth: number): HostilePayload {
  return telemetry(open.repeat(depth) + close.repeat(depth))
}
