import { expect, test } from 'vitest'
import { isWatching, zoneLengthM } from '../../devices/fence-zone/watched.ts'

test.each([
  ['online', { armed: true, state: 'normal' }, true],
  ['online', { armed: true, state: 'low-voltage' }, true],
  ['online', { armed: true, state: 'cut' }, false],
  ['online', { armed: false, state: 'normal' }, false],
  ['online', null, false],
  ['stale', { armed: true, state: 'normal' }, false],
] as const)('a zone that is %s with %j watches: %s', (status, reading, expected) => {
  expect(isWatching({ status, reading })).toBe(expected)
})

test('a zone is as long as its chainage says', () => {
  expect(zoneLengthM({ fromM: 400, toM: 500 })).toBe(100)
})
