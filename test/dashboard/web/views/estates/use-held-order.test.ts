import { effectScope, nextTick, shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'
import { HOLD_MS, useHeldOrder } from '../../../../../dashboard/web/views/estates/use-held-order.ts'

describe('the order under a hand', () => {
  it('stays while someone points or presses, takes new ones in at the end, and moves a second later', async () => {
    let clock = 0
    const wanted = shallowRef<readonly string[]>(['a', 'b', 'c'])
    const scope = effectScope()
    const order = scope.run(() =>
      useHeldOrder(
        () => wanted.value,
        () => clock,
      ),
    )!
    order.hold()
    wanted.value = ['d', 'c', 'a']
    await nextTick()
    expect(order.ids.value).toEqual(['a', 'c', 'd'])
    clock = HOLD_MS
    wanted.value = ['d', 'c', 'a'].slice()
    await nextTick()
    expect(order.ids.value).toEqual(['d', 'c', 'a'])
    scope.stop()
  })
})
