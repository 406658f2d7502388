import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canWaitForRoom, coversFilter, decidePublish, maySubscribe } from '../../broker/access.ts'
import type { Credential, CredentialOwner } from '../../domain/credential.ts'
import { matchesFilter } from '../../domain/topic.ts'

function credential(owner: CredentialOwner, publish: readonly string[] = [], subscribe: readonly string[] = []): Credential {
  return { username: 'u', passwordSha256: '', owner, publish, subscribe }
}
const gateway = credential({ type: 'gateway', estate: 'e', gateway: 'g' })
const device = credential({ type: 'device', estate: 'e', kind: 'elevator', device: 'l1' })
const ext = credential({ type: 'ext', estate: 'e', name: 'bms' }, ['estates/e/ext/bms/#'], ['estates/e/+/+/telemetry', 'estates/e/ext/#'])

type Expected = 'kept' | 'not kept' | 'refused'
const publishes: readonly (readonly [string, Credential, string, Expected])[] = [
  ['gateway', gateway, 'estates/e/camera/c1/telemetry', 'not kept'],
  ['gateway', gateway, 'estates/e/camera/c1/event', 'not kept'],
  ['gateway', gateway, 'estates/e/camera/c1/availability', 'kept'],
  ['gateway', gateway, 'estates/e/camera/c1/command/result', 'not kept'],
  ['gateway', gateway, 'estates/e/camera/unheard-of/telemetry', 'not kept'],
  ['gateway', gateway, 'estates/e/gateway/g/availability', 'kept'],
  ['gateway', gateway, 'estates/e/gateway/other/availability', 'refused'],
  ['gateway', gateway, 'estates/e/camera/c1/firmware', 'refused'],
  ['gateway', gateway, 'estates/e/camera/c1', 'refused'],
  ['gateway', gateway, 'estates/e/camera/C1/telemetry', 'refused'],
  ['gateway', gateway, 'estates/e2/camera/c1/telemetry', 'refused'],
  ['gateway', gateway, 'estates/e/ext/bms/telemetry', 'refused'],
  ['gateway', gateway, 'estates/e/alarms/a1', 'refused'],
  ['gateway', gateway, 'system/alarm', 'refused'],
  ['gateway', gateway, '$SYS/x', 'refused'],
  ['gateway', gateway, '/estates/e/camera/c1/telemetry', 'refused'],
  ['gateway', gateway, 'estates/e/camera/c1/telemetry\u0000', 'refused'],
  ['device', device, 'estates/e/elevator/l1/telemetry', 'not kept'],
  ['device', device, 'estates/e/elevator/l1/availability', 'kept'],
  ['device', device, 'estates/e/elevator/l1', 'refused'],
  ['device', device, 'estates/e/elevator/l10/telemetry', 'refused'],
  ['device', device, 'estates/e/camera/l1/telemetry', 'refused'],
  ['ext', ext, 'estates/e/ext/bms/x', 'kept'],
  ['ext', ext, 'estates/e/ext/other/x', 'refused'],
  ['ext', ext, 'estates/e/ext', 'refused'],
  ['ext', ext, 'estates/e/camera/c1/telemetry', 'refused'],
  ['ext', ext, 'estates/e/ext/bms/\ufffd', 'refused'],
]

describe('publish', () => {
  test.each(publishes)('%s %#: %o', (_name, who, topic, expected) => {
    const decision = decidePublish(who, topic)
    expect(decision.allowed ? (decision.mayRetain ? 'kept' : 'not kept') : 'refused').toBe(expected)
  })

  test('nobody ever publishes outside the own estate', () => {
    fc.assert(
      fc.property(fc.constantFrom(gateway, device, ext), topicName(), (who, topic) => {
        if (decidePublish(who, topic).allowed) expect(topic.startsWith('estates/e/')).toBe(true)
      }),
    )
  })
})

describe('subscribe', () => {
  test.each([
    [gateway, 'estates/e/+/+/command', true],
    [gateway, 'estates/e/camera/c1/command', true],
    [gateway, 'estates/e/camera/+/command', true],
    [gateway, 'estates/e/+/+/command/#', false],
    [gateway, 'estates/e/#', false],
    [gateway, 'estates/+/+/+/command', false],
    [gateway, '#', false],
    [gateway, '$share/a/estates/e/+/+/command', false],
    [device, 'estates/e/elevator/l1/#', true],
    [device, 'estates/e/elevator/l1/command', true],
    [device, 'estates/e/elevator/+/command', false],
    [device, 'estates/e/elevator/l1', false],
    [ext, 'estates/e/camera/+/telemetry', true],
    [ext, 'estates/e/ext/a/b', true],
    [ext, 'estates/e/+/+/event', false],
    [ext, 'estates/e2/ext/#', false],
  ])('%# %o', (who, filter, expected) => {
    expect(maySubscribe(who, filter)).toBe(expected)
  })

  test('a credential for another system never reaches beyond its estate, whatever its rights say', () => {
    expect(maySubscribe(credential({ type: 'ext', estate: 'e', name: 'x' }, [], ['#']), 'estates/e2/camera/c/telemetry')).toBe(false)
  })

  test('a filter that is covered matches nothing that the covering one does not', () => {
    fc.assert(
      fc.property(filterName(), filterName(), topicName(), (allowed, asked, topic) => {
        if (coversFilter(allowed, asked) && matchesFilter(asked, topic)) expect(matchesFilter(allowed, topic)).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })

  test('every filter covers itself and the topics it matches', () => {
    fc.assert(
      fc.property(filterName(), topicName(), (filter, topic) => {
        expect(coversFilter(filter, filter)).toBe(true)
        expect(coversFilter(filter, topic)).toBe(matchesFilter(filter, topic))
      }),
      { numRuns: 5_000 },
    )
  })
})

test('only telemetry of cameras, bays and gateways can wait for room', () => {
  const topics = [
    'camera/c/telemetry',
    'parking-bay/p/telemetry',
    'gateway/g/telemetry',
    'camera/c/event',
    'elevator/l/telemetry',
    'fence-zone/z/telemetry',
  ]
  expect(topics.map((rest) => canWaitForRoom(`estates/e/${rest}`))).toEqual([true, true, true, false, false, false])
})

function topicName(): fc.Arbitrary<string> {
  const level = fc.constantFrom('estates', 'e', 'e2', 'ext', 'bms', 'elevator', 'l1', 'telemetry', 'gateway', 'g', '')
  return fc.array(level, { minLength: 1, maxLength: 6 }).map((levels) => levels.join('/'))
}

function filterName(): fc.Arbitrary<string> {
  const level = fc.constantFrom('estates', 'e', 'ext', 'l1', '+')
  return fc
    .tuple(fc.array(level, { minLength: 1, maxLength: 5 }), fc.boolean())
    .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))
}
