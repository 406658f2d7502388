import { expect, test } from 'vitest'
import { DEFAULT_RULES, findRule } from '../../devices/default-rules.ts'
import { KINDS, findKind } from '../../devices/index.ts'
import type { Condition } from '../../domain/rule.ts'
import { fieldsOf } from '../../alarms/condition.ts'

/** The codes of the contract and their priorities where nothing makes them more urgent. */
const CODES: Readonly<Record<string, Readonly<Record<string, 1 | 2 | 3>>>> = {
  'fence-zone': { cut: 1, climb: 1, tamper: 1, short: 1, touch: 2, 'power-off': 2, 'low-voltage': 3 },
  camera: { 'video-lost': 3, covered: 2, blurred: 3, frozen: 3, 'not-recording': 3, 'storage-full': 3, 'clock-off': 3, 'too-hot': 3 },
  'parking-bay': { 'fire-lane-occupied': 2, 'green-occupied': 2, 'battery-low': 3, 'sensor-stuck': 3, 'sensor-flickers': 3 },
  elevator: {
    entrapment: 1,
    'alarm-button': 1,
    'door-open-moving': 1,
    'unintended-movement': 1,
    overshoot: 1,
    pit: 1,
    overspeed: 1,
    'stopped-off-level': 2,
    'safety-circuit': 2,
    'blocked-restart': 2,
    'main-power-off': 2,
    'door-close-fault': 3,
    'door-open-fault': 3,
    'position-lost': 3,
    'run-timeout': 3,
    'other-fault': 3,
  },
  gateway: { 'gateway-down': 2, 'gateway-misconfigured': 2, 'credential-shared': 2 },
  system: { 'disk-low': 2, 'store-down': 3, 'journal-gap': 3, 'internal-error': 3 },
}
const ANY_KIND = { silent: 3, offline: 3, 'clock-fault': 3 } as const

test('each code of the contract has exactly one default rule, with the priority of the domain', () => {
  const expected = Object.entries(CODES).flatMap(([kind, codes]) =>
    Object.entries(kind === 'system' ? codes : { ...codes, ...ANY_KIND }).map(([code, priority]) => `${kind} ${code} ${priority}`),
  )
  expect(DEFAULT_RULES.map(({ kind, code, priority }) => `${kind} ${code} ${priority}`).sort()).toEqual(expected.sort())
  expect(new Set(DEFAULT_RULES.map(({ id }) => id)).size).toBe(DEFAULT_RULES.length)
  expect(findRule('fence-zone', 'cut')?.latch).toBe(true)
})

test('people in danger latch and are highly managed; an intruder latches and knows no delay', () => {
  const ids = (choose: (rule: (typeof DEFAULT_RULES)[number]) => boolean) => DEFAULT_RULES.filter(choose).map(({ code }) => code)
  expect(ids(({ highlyManaged }) => highlyManaged === true)).toEqual(['entrapment', 'alarm-button'])
  expect(ids(({ latch }) => latch).sort()).toEqual(['alarm-button', 'climb', 'cut', 'entrapment', 'short', 'tamper'])
  for (const code of ['cut', 'climb', 'short', 'touch', 'tamper'])
    expect(findRule('fence-zone', code)).toMatchObject({ onDelayMs: 0, offDelayMs: 0 })
})

test('every rule speaks to the guard in both languages, shortly and without exclamation marks', () => {
  for (const { name, text, instruction } of DEFAULT_RULES)
    for (const { zh, en } of [name, text, instruction]) {
      expect(zh).toMatch(/\p{Script=Han}/u)
      expect(en).toMatch(/^[\x20-\x7e°]+$/)
      expect(zh.length).toBeLessThanOrEqual(32)
      expect(en.length).toBeLessThanOrEqual(90)
      expect(`${zh}${en}`).not.toMatch(/[!！]/)
    }
})

test('rules look only at fields and events that their kind has', () => {
  for (const rule of DEFAULT_RULES) {
    const kind = findKind(rule.kind)
    if (!kind) continue
    const conditions = [
      rule.when,
      ...(rule.priorityWhen ?? []).map(({ when }) => when),
      ...(rule.suppressedWhen ?? []).map(({ when }) => when),
    ]
    for (const field of [...conditions.flatMap(fieldsOf), ...(rule.show ?? [])]) expect(Object.keys(kind.fields)).toContain(field)
    for (const event of conditions.flatMap(eventsOf)) expect(kind.events).toContain(event)
  }
})

function eventsOf(condition: Condition): readonly string[] {
  if ('event' in condition) return [condition.event]
  if ('all' in condition) return condition.all.flatMap(eventsOf)
  if ('any' in condition) return condition.any.flatMap(eventsOf)
  return 'held' in condition ? eventsOf(condition.held) : []
}

test('every event of a kind has a rule that hears it, and every code of a scheme is one of them or says nothing', () => {
  for (const kind of KINDS) {
    const heard = new Set(kind.rules.flatMap(({ when }) => eventsOf(when)))
    expect(kind.events.filter((event) => !heard.has(event))).toEqual([])
    for (const codes of Object.values(kind.schemes ?? {}))
      for (const code of Object.values(codes)) if (code !== null) expect(kind.events).toContain(code)
  }
})

test('faults 0 to 7 mean the same in every city scheme', () => {
  const { 'gbt24476-2017': national, chongqing, 'city-b': cityB } = findKind('elevator')!.schemes!
  for (let code = 0; code <= 7; code++) {
    expect(chongqing![code]).toBe(national![code])
    expect(cityB![code]).toBe(national![code])
  }
  for (const code of [0, 40, 42, 43, 44, 45, 46, 47]) expect(national![code]).toBeNull()
})

test.each([
  ['camera', {}, 30_000],
  ['fence-zone', {}, 10_000],
  ['parking-bay', {}, 21_600_000],
  ['gateway', {}, 30_000],
  ['elevator', { speed_mps: 1 }, 5_000],
  ['elevator', { speed_mps: 0, direction: 'up' }, 30_000],
  ['elevator', { direction: 'down' }, 5_000],
  ['elevator', {}, 30_000],
] as const)('a %s with %j is due each %i ms', (kind, values, ms) => {
  expect(findKind(kind)!.expectedIntervalMs(values)).toBe(ms)
})
