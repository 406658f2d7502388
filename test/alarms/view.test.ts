import { expect, test } from 'vitest'
import { applyEvent, emptyView, eventState } from '../../alarms/view.ts'
import type { DeviceEvent } from '../../domain/reading.ts'

const said = (wireCode: string, active: boolean, observedAt: number): DeviceEvent => ({
  type: 'event',
  estate: 'e',
  kind: 'elevator',
  device: 'l',
  code: 'other-fault',
  scheme: 'chongqing',
  wireCode,
  active,
  observedAt,
  receivedAt: observedAt,
  values: {},
})

test('a device that makes up ever new codes is remembered with 64 of them, and a fault that stands is not among the forgotten', () => {
  const view = emptyView()
  applyEvent(view, said('stands', true, 1))
  for (let i = 2; i < 300; i++) applyEvent(view, said(`x${i}`, false, i))
  expect(Object.keys(view.events['other-fault']!)).toHaveLength(64)
  expect(eventState(view, 'other-fault')).toEqual([true, 1])
  applyEvent(view, said('stands', false, 6000))
  expect(eventState(view, 'other-fault')).toEqual([false, 6000])
})
