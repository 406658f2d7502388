import { effectScope, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Alarm } from '../../../../domain/alarm.ts'
import { useAlarmActions, type AlarmActions } from '../../../../dashboard/web/live/use-alarm-actions.ts'
import { alarm } from '../fixtures/small-estate.ts'

let scope: EffectScope
let actions: AlarmActions
const alarms = shallowRef<ReadonlyMap<string, Alarm>>(new Map())
const taken: Alarm[] = []
const asked: { path: string; init: RequestInit }[] = []
const answer = (status: number, body: unknown) =>
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push({ path, init })
    return Promise.resolve(new Response(JSON.stringify(body), { status }))
  })

beforeEach(() => {
  alarms.value = new Map([['a', alarm({ id: 'a', transition: 3 })]])
  taken.length = asked.length = 0
  scope = effectScope()
  actions = scope.run(() => useAlarmActions({ alarms, take: (one) => void taken.push(one) }))!
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

describe('an action on an alarm', () => {
  it('is handed in with the transition that was seen and a key of its own, and takes the answer in', async () => {
    answer(200, alarm({ id: 'a', transition: 4, state: 'acknowledged' }))
    await actions.act(alarms.value.get('a')!, 'acknowledge')
    expect(asked[0]).toMatchObject({ path: '/api/v1/alarms/a/acknowledge', init: { method: 'POST', body: '{"transition":3}' } })
    expect((asked[0]!.init.headers as Record<string, string>)['idempotency-key']).toMatch(/^[0-9a-f]{32}$/)
    expect(taken[0]?.state).toBe('acknowledged')
    expect(actions.pending.value.size).toBe(0)
  })

  it('stops the tone while it is on its way and while the engine is behind, until the alarm has moved on', async () => {
    answer(503, { error: { code: 'alarm-engine-behind', message: 'later' } })
    const done = actions.act(alarms.value.get('a')!, 'acknowledge')
    expect(actions.acknowledging.value.has('a')).toBe(true)
    await done
    expect(actions.pending.value.get('a')?.state).toBe('queued')
    expect(actions.acknowledging.value.has('a')).toBe(true)
    alarms.value = new Map([['a', alarm({ id: 'a', transition: 4 })]])
    expect(actions.pending.value.size).toBe(0)
  })

  it('rings on when it was refused, and says why', async () => {
    answer(409, { error: { code: 'raised-again', message: 'look again' } })
    await actions.act(alarms.value.get('a')!, 'acknowledge')
    expect(actions.pending.value.get('a')).toMatchObject({ state: 'refused', error: { code: 'raised-again' } })
    expect(actions.acknowledging.value.size).toBe(0)
  })

  it('is refused too when no server answers', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
    await actions.act(alarms.value.get('a')!, 'reset')
    expect(actions.pending.value.get('a')).toMatchObject({ state: 'refused', error: { code: 'no-answer' } })
  })
})
