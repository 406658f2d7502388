import fc from 'fast-check'
import { expect, test } from 'vitest'
import { peekTs } from '../../../../dashboard/server/live/pending.ts'

const peek = (text: string) => peekTs(Buffer.from(text))

test.each([
  ['{"ts":1750000000000,"fps":25}', 1750000000000],
  ['{"fps":25,"ts": 17}', 17],
  ['{"fps":25}', undefined],
  ['[{"ts":1}]', undefined],
  ['{"ts":1,"a":{"ts":2}}', undefined],
  ['{"ts":1.5}', undefined],
  ['{"ts":-1}', undefined],
  ['{"ts":"1"}', undefined],
  ['{"ts":1', undefined],
  ['', undefined],
])('the ts of %s is guessed as %s', (text, ts) => {
  expect(peek(text)).toBe(ts)
})

test('a guess about plain JSON is never wrong', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 })), fc.nat(), (fields, ts) => {
      const message = { ...fields, ts }
      const guess = peek(JSON.stringify(message))
      expect(guess === undefined || guess === ts).toBe(true)
    }),
  )
})
