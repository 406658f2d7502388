import { effectScope } from 'vue'
import { describe, expect, it } from 'vitest'
import { useAsk } from '../../../../../dashboard/web/views/shared/load.ts'
import { until } from '../../../../support/until.ts'

describe('asking the server', () => {
  it('is loading, then there', async () => {
    const scope = effectScope()
    const loaded = scope.run(() => useAsk(async () => 7))!
    expect(loaded.value.value).toBeUndefined()
    await until(() => loaded.value.value === 7)
    expect(loaded.error.value).toBeUndefined()
    scope.stop()
  })

  it('keeps the last answer beside the error of a later try', async () => {
    let fails = false
    const scope = effectScope()
    const loaded = scope.run(() => useAsk(async () => (fails ? Promise.reject(new Error('away')) : 'old')))!
    await until(() => loaded.value.value === 'old')
    fails = true
    await loaded.reload()
    expect([loaded.value.value, (loaded.error.value as Error).message]).toEqual(['old', 'away'])
    fails = false
    await loaded.reload()
    expect(loaded.error.value).toBeUndefined()
    scope.stop()
  })

  it('drops an answer that a later question has overtaken', async () => {
    const answers: ((value: string) => void)[] = []
    const scope = effectScope()
    const loaded = scope.run(() => useAsk(() => new Promise<string>((resolve) => answers.push(resolve))))!
    const second = loaded.reload()
    answers[1]!('new')
    await second
    answers[0]!('old')
    await Promise.resolve()
    expect(loaded.value.value).toBe('new')
    scope.stop()
  })

  it('asks again and again until its owner goes', async () => {
    let asked = 0
    const scope = effectScope()
    scope.run(() => useAsk(async () => ++asked, { everyMs: 1 }))
    await until(() => asked >= 3)
    scope.stop()
    const then = asked
    await until(() => new Promise((resolve) => setTimeout(() => resolve(true), 20)))
    expect(asked).toBe(then)
  })
})
