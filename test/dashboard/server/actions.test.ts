import { expect, test } from 'vitest'
import { createActionDesk } from '../../../dashboard/server/actions.ts'
import { AppError } from '../../../domain/errors.ts'
import type { BrokerLink } from '../../../domain/journal.ts'
import type { Action, ActionResult } from '../../../domain/system.ts'
import { alarm } from './live/sample-alarm.ts'

const request = { alarm: 'a-1', action: 'acknowledge', by: 'desk' } as const

/** A broker that takes actions, and an engine that answers as told. */
function bench(
  options: { readonly answer?: (action: Action) => Omit<ActionResult, 'v' | 'id'> | undefined; readonly away?: boolean } = {},
) {
  const taken: Action[] = []
  const broker: BrokerLink = {
    append: async (_topic, payload) => {
      if (options.away) throw new AppError('broker-away')
      const action = payload as Action
      taken.push(action)
      const answer = options.answer?.(action)
      if (answer) queueMicrotask(() => desk.onResult({ v: 1, id: action.id, ...answer }))
      return taken.length
    },
    request: () => Promise.reject(new AppError('broker-away')),
    connected: () => !options.away,
    close: async () => undefined,
  }
  const desk = createActionDesk({ broker, waitMs: 20 })
  return { desk, taken }
}

test("an action is answered with the alarm as the engine's result has it", async () => {
  const { desk, taken } = bench({ answer: () => ({ alarm: alarm({ transition: 2, state: 'acknowledged' }) }) })
  expect(await desk.act({ ...request, transition: 1 })).toMatchObject({ state: 'acknowledged', transition: 2 })
  expect(taken).toMatchObject([{ v: 1, alarm: 'a-1', action: 'acknowledge', by: 'desk', transition: 1 }])
})

test("the engine's refusal comes back with its own code", async () => {
  const { desk } = bench({ answer: () => ({ refusal: { code: 'still-active', message: 'It still holds.' } }) })
  await expect(desk.act({ ...request, action: 'reset' })).rejects.toMatchObject({ code: 'still-active', message: 'It still holds.' })
})

test('what is not in the journal in time will not happen, what is in it without a result will', async () => {
  await expect(bench({ away: true }).desk.act(request)).rejects.toMatchObject({ code: 'action-not-taken' })
  await expect(bench().desk.act(request)).rejects.toMatchObject({ code: 'alarm-engine-behind' })
})

test('the same key of the same person for the same action is one action, of anybody else another', async () => {
  const { desk, taken } = bench({ answer: () => ({ alarm: alarm() }) })
  const comment = { ...request, action: 'comment', text: 'x', key: 'k' } as const
  await desk.act(comment)
  await desk.act(comment)
  expect(taken).toHaveLength(1)
  await desk.act({ ...comment, by: 'other' })
  await desk.act({ ...comment, action: 'acknowledge' })
  await desk.act({ ...comment, alarm: 'a-2' })
  await desk.act(request)
  await desk.act(request)
  expect(new Set(taken.map(({ id }) => id)).size).toBe(6)
})

test('a repeat of a key whose result is still on its way goes out under the same id', async () => {
  const { desk, taken } = bench()
  await Promise.allSettled([desk.act({ ...request, key: 'k' }), desk.act({ ...request, key: 'k' })])
  expect(new Set(taken.map(({ id }) => id)).size).toBe(1)
})
