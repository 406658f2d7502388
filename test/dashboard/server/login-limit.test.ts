import { expect, test } from 'vitest'
import { createLoginLimit, MOST_FAILURES, WINDOW_MS } from '../../../dashboard/server/login-limit.ts'

const pair = { address: '10.0.0.1', username: 'desk' }

test('ten failures within five minutes block that pair of address and user name, and nobody else', () => {
  const limit = createLoginLimit()
  for (let i = 0; i < MOST_FAILURES; i++) {
    expect(limit.isBlocked(pair, i)).toBe(false)
    limit.attempt(pair, i)
  }
  expect(limit.isBlocked(pair, MOST_FAILURES)).toBe(true)
  expect(limit.isBlocked({ ...pair, address: '10.0.0.2' }, MOST_FAILURES)).toBe(false)
  expect(limit.isBlocked({ ...pair, username: 'other' }, MOST_FAILURES)).toBe(false)
  expect(limit.isBlocked(pair, WINDOW_MS)).toBe(false)
})

test('a right password forgets the wrong ones before it', () => {
  const limit = createLoginLimit()
  for (let i = 0; i < MOST_FAILURES - 1; i++) limit.attempt(pair, i)
  limit.succeed(pair)
  limit.attempt(pair, 100)
  expect(limit.isBlocked(pair, 101)).toBe(false)
})
