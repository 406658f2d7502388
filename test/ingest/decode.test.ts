import { describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../domain/clock.ts'
import { decode } from '../../ingest/decode.ts'
import { entry, NOW, read, reasons } from './decode-tools.ts'

const lift = (payload: unknown, options?: { rawDays: number }) => read('elevator/l-1/telemetry', payload, options)
const liftEvent = (payload: unknown) => read('elevator/l-1/event', payload)
const fenceEvent = (payload: unknown) => read('fence-zone/z-5/event', payload)

describe('decode, telemetry', () => {
  it("gives the values of an object with the device's own time", () => {
    expect(lift({ ts: NOW - 500, floor: 3, speed_mps: 1.5, passenger: false, mode: 'normal' })).toEqual([
      {
        ok: true,
        unknownFields: [],
        observation: {
          type: 'reading',
          estate: 'e',
          kind: 'elevator',
          device: 'l-1',
          observedAt: NOW - 500,
          receivedAt: NOW,
          values: { floor: 3, speed_mps: 1.5, passenger: false, mode: 'normal' },
          stored: true,
        },
      },
    ])
  })

  it('takes the arrival time where there is no ts', () => {
    expect(lift({ floor: 3 })).toMatchObject([{ ok: true, observation: { observedAt: NOW } }])
  })

  it('keeps zero, false and takes null as absent', () => {
    expect(lift({ floor: 0, passenger: false, speed_mps: null })).toMatchObject([
      { observation: { values: { floor: 0, passenger: false } } },
    ])
    expect(lift({ floor: 0, passenger: false, speed_mps: null })[0]).not.toHaveProperty('observation.values.speed_mps')
  })

  it('names unknown fields and takes the rest', () => {
    expect(lift({ floor: 3, colour: 'red', __proto__x: 1 })).toMatchObject([{ ok: true, unknownFields: ['colour', '__proto__x'] }])
  })

  it('a bad element of an array does not spoil the others', () => {
    const decoded = lift([{ floor: 1 }, { floor: 'one' }, 7, { floor: 2 }])
    expect(decoded).toMatchObject([
      { ok: true },
      { ok: false, reason: 'wrong-type', field: 'floor', index: 1, value: '"one"' },
      { ok: false, reason: 'not-an-object', index: 2 },
      { ok: true },
    ])
  })

  it('takes 1,000 elements and refuses 1,001 as one message', () => {
    expect(lift(Array.from({ length: 1000 }, () => ({ floor: 1 })))).toHaveLength(1000)
    expect(reasons(lift(Array.from({ length: 1001 }, () => ({ floor: 1 }))))).toEqual(['too-many-elements'])
  })

  it.each([
    ['out of range', { speed_mps: 124 }, 'out-of-range', 'speed_mps', '124'],
    ['below the range', { speed_mps: -0.1 }, 'out-of-range', 'speed_mps', '-0.1'],
    ['a word for a number', { speed_mps: '1' }, 'wrong-type', 'speed_mps', '"1"'],
    ['a fraction for a whole number', { floor: 1.5 }, 'wrong-type', 'floor', '1.5'],
    ['a number for a boolean', { passenger: 1 }, 'wrong-type', 'passenger', '1'],
    ['an unknown word', { door: 'ajar' }, 'unknown-value', 'door', '"ajar"'],
    ['the name of an inherited property', { door: 'constructor' }, 'unknown-value', 'door', '"constructor"'],
    ['an object for a word', { door: {} }, 'wrong-type', 'door', '{…}'],
    ['infinity', '{"speed_mps": 1e999}', 'wrong-type', 'speed_mps', 'Infinity'],
  ])('rejects the reading for %s, with field and value', (_, payload, reason, field, value) => {
    const [one, ...more] = lift(payload)
    expect(more).toEqual([])
    expect(one).toMatchObject({ ok: false, reason, field, value })
    expect(one).toHaveProperty('detail', expect.stringContaining(field))
  })

  it('says the limits of a value out of range', () => {
    expect(lift({ speed_mps: 124 })).toMatchObject([{ detail: 'speed_mps is 124, outside 0 to 10 m/s.' }])
  })

  it.each([
    ['not JSON', '{', 'not-json'],
    ['nothing', '', 'not-json'],
    ['NaN', '{"floor": NaN}', 'not-json'],
    ['a number', '7', 'not-an-object'],
    ['null', 'null', 'not-an-object'],
    ['an empty array', '[]', 'not-an-object'],
    ['an empty object', '{}', 'no-known-field'],
    ['only a time', { ts: NOW }, 'no-known-field'],
    ['only unknown fields', { colour: 1 }, 'no-known-field'],
    ['a prototype', '{"__proto__": {"floor": 3}}', 'no-known-field'],
    ['a constructor', '{"constructor": {"prototype": {"floor": 3}}}', 'no-known-field'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'not-utf8'],
    ['a million brackets', '['.repeat(500_000), 'not-json'],
    ['a time in words', { ts: 'now', floor: 1 }, 'bad-timestamp'],
    ['a negative time', { ts: -1, floor: 1 }, 'bad-timestamp'],
    ['half a millisecond', { ts: 0.5, floor: 1 }, 'bad-timestamp'],
    ['a time after all calendars', { ts: 1e300, floor: 1 }, 'bad-timestamp'],
  ])('rejects %s', (_, payload, reason) => {
    expect(reasons(lift(payload))).toEqual([reason])
  })

  it('answers for a deep value inside an unknown field', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000)
    expect(reasons(lift(`{"floor": 1, "x": ${deep}}`))).toHaveLength(1)
  })

  it('leaves a byte order mark out', () => {
    expect(reasons(lift(Buffer.from('\ufeff{"floor":1}')))).toEqual(['ok'])
  })
})

describe('decode, time', () => {
  it.each([
    ['10 s ahead', NOW + 10_000, { observedAt: NOW + 10_000, stored: true }, ['ok']],
    ['more than 10 s ahead', NOW + 10_001, { observedAt: NOW, clockAheadMs: 10_001, stored: true }, ['ok']],
    ['5 min ahead', NOW + 5 * MINUTE_MS, { observedAt: NOW, clockAheadMs: 300_000, stored: true }, ['ok']],
    ['more than 5 min ahead', NOW + 5 * MINUTE_MS + 1, { observedAt: NOW, stored: false }, ['ok', 'ts-ahead']],
    ['as old as the raw retention', NOW - 30 * DAY_MS, { observedAt: NOW - 30 * DAY_MS, stored: true }, ['ok']],
    ['older than the raw retention', NOW - 30 * DAY_MS - 1, { observedAt: NOW - 30 * DAY_MS - 1, stored: false }, ['ok', 'ts-too-old']],
    ['at 0', 0, { observedAt: 0, stored: false }, ['ok', 'ts-too-old']],
  ])('a reading %s is shown and judged, and stored unless its time cannot be right', (_, ts, observation, outcome) => {
    const decoded = lift({ ts, floor: 1 })
    expect(reasons(decoded)).toEqual(outcome)
    expect(decoded[0]).toMatchObject({ observation })
  })

  it('takes readings of any age when raw data is kept for ever', () => {
    expect(lift({ ts: 0, floor: 1 }, { rawDays: 0 })).toMatchObject([{ ok: true, observation: { stored: true, observedAt: 0 } }])
  })

  it('judges each element of an array by its own time', () => {
    expect(
      reasons(
        lift([
          { ts: NOW + DAY_MS, floor: 1 },
          { ts: NOW, floor: 1 },
        ]),
      ),
    ).toEqual(['ok', 'ts-ahead', 'ok'])
  })
})

describe('decode, events', () => {
  it('gives the code and the further fields of the kind', () => {
    expect(fenceEvent({ ts: NOW - 1, code: 'cut', active: true, chainage_m: 437, colour: 1 })).toMatchObject([
      {
        ok: true,
        unknownFields: ['colour'],
        observation: { type: 'event', code: 'cut', active: true, observedAt: NOW - 1, values: { chainage_m: 437 } },
      },
    ])
  })

  it.each([
    ['gbt24476-2017', 4, 'stopped-off-level'],
    ['gbt24476-2017', '5', 'unintended-movement'],
    ['gbt24476-2017', 90, 'alarm-button'],
    ['chongqing', 91, 'pit'],
    ['city-b', 9, 'overshoot'],
    ['city-b', '09', 'overshoot'],
    ['city-b', '9', 'overshoot'],
    ['retrofit-box', 1, 'entrapment'],
    ['gbt24476-2017', 77, 'other-fault'],
    ['city-b', 'E-17', 'other-fault'],
    ['gbt24476-2017', 0, 'none'],
    ['gbt24476-2017', 43, 'none'],
  ])("a lift's fault of scheme %s, code %s is our %s and keeps both", (scheme, code, ours) => {
    expect(liftEvent({ ts: NOW, scheme, code, active: true })).toMatchObject([
      { ok: true, observation: { code: ours, scheme, wireCode: String(code), active: true } },
    ])
  })

  it("takes our own words for a lift's faults without a scheme", () => {
    const [one] = liftEvent({ ts: NOW, code: 'entrapment', active: true })
    expect(one).toMatchObject({ ok: true, observation: { code: 'entrapment' } })
    expect(one).not.toHaveProperty('observation.scheme')
  })

  it.each([
    ['a code the kind does not have', { code: 'flood', active: true }, 'unknown-code'],
    ['no code', { active: true }, 'unknown-code'],
    ['an object for a code', { code: {}, active: true }, 'unknown-code'],
    ['an inherited name', { code: 'toString', active: true }, 'unknown-code'],
    ['a scheme where there is none', { code: 1, scheme: 'gbt24476-2017', active: true }, 'unknown-scheme'],
    ['no active', { code: 'cut' }, 'wrong-type'],
    ['an active that is no boolean', { code: 'cut', active: { toString: 1 } }, 'wrong-type'],
    ['an array', [{ code: 'cut', active: true }], 'not-an-object'],
  ])('rejects %s', (_, payload, reason) => {
    expect(reasons(fenceEvent(payload))).toEqual([reason])
  })

  it.each([
    ['a scheme we do not know', { code: 1, scheme: 'mars', active: true }, 'unknown-scheme'],
    ['an inherited scheme', { code: 1, scheme: 'constructor', active: true }, 'unknown-scheme'],
    ['a number without a scheme', { code: 1, active: true }, 'unknown-scheme'],
    ['a code too long to show', { code: 'x'.repeat(33), scheme: 'city-b', active: true }, 'unknown-code'],
    ['half a code', { code: 1.5, scheme: 'city-b', active: true }, 'unknown-code'],
  ])("rejects a lift's fault with %s", (_, payload, reason) => {
    expect(reasons(liftEvent(payload))).toEqual([reason])
  })

  it('raises the event although its place or its time cannot be right, and reports the fault', () => {
    expect(fenceEvent({ ts: NOW, code: 'cut', active: true, chainage_m: -5 })).toMatchObject([
      { ok: true, observation: { code: 'cut', values: {} } },
      { ok: false, reason: 'out-of-range', field: 'chainage_m' },
    ])
    expect(fenceEvent({ ts: 'yesterday', code: 'cut', active: true })).toMatchObject([
      { ok: true, observation: { code: 'cut', observedAt: NOW } },
      { ok: false, reason: 'bad-timestamp' },
    ])
  })

  it('takes an event of a clock far ahead at its arrival, and one that comes days late', () => {
    expect(fenceEvent({ ts: NOW + DAY_MS, code: 'cut', active: true })).toMatchObject([
      { ok: true, observation: { observedAt: NOW, clockAheadMs: DAY_MS } },
    ])
    expect(fenceEvent({ ts: NOW - 40 * DAY_MS, code: 'cut', active: true })).toMatchObject([
      { ok: true, observation: { observedAt: NOW - 40 * DAY_MS } },
    ])
  })
})

describe('decode, availability and topics', () => {
  it.each([
    ['online', true],
    ['offline', false],
    ['offline\n', false],
  ])('understands %j', (text, online) => {
    expect(read('camera/c-1/availability', text)).toMatchObject([
      { ok: true, observation: { type: 'availability', online, observedAt: NOW } },
    ])
  })

  it('says nothing for a retained message that is taken back, and refuses another word', () => {
    expect(read('camera/c-1/availability', '')).toEqual([])
    expect(reasons(read('camera/c-1/availability', 'away'))).toEqual(['unknown-value'])
    expect(reasons(read('camera/c-1/availability', new Uint8Array([0xff])))).toEqual(['unknown-value'])
  })

  it.each([
    ['estates/e/toaster/t-1/telemetry', ['unknown-kind']],
    ['estates/e/camera/no-1/telemetry', ['unknown-device']],
    ['estates/e/camera/c-1/telemetri', ['unknown-channel']],
    ['estates/e/camera/C-1/telemetry', ['bad-topic']],
    ['estates/e/camera', ['bad-topic']],
    ['somewhere/else', ['bad-topic']],
    ['', ['bad-topic']],
    ['estates/e/camera/c-1/command', []],
    ['estates/e/camera/c-1/command/result', []],
    ['estates/e/ext/weather/now', []],
    ['estates/e/alarms/a-1', []],
    ['system/tick', []],
  ])('the topic %j with a payload that is not JSON gives %j', (topic, outcome) => {
    expect(reasons(decode(entry(topic, '{'), { findDevice: (_, __, device) => !device.startsWith('no-'), rawDays: 30 }))).toEqual(outcome)
  })

  it('rejects a whole array for an unknown device once', () => {
    expect(reasons(read('camera/no-1/telemetry', [{ fps: 1 }, { fps: 2 }]))).toEqual(['unknown-device'])
  })
})
