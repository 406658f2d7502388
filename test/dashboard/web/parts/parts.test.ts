import { afterEach, describe, expect, it } from 'vitest'
import { ALARM_STATES } from '../../../../domain/alarm.ts'
import { language } from '../../../../dashboard/web/i18n/language.ts'
import { age, clockTime, date, duration, fieldText, standing } from '../../../../dashboard/web/i18n/format.ts'
import { deviceLook, valueLook } from '../../../../dashboard/web/live/device-look.ts'
import AlarmShape from '../../../../dashboard/web/parts/AlarmShape.vue'
import DeviceGlyph from '../../../../dashboard/web/parts/DeviceGlyph.vue'
import ValueState from '../../../../dashboard/web/parts/ValueState.vue'
import { mount, type Mounted } from '../fixtures/mount.ts'

let page: Mounted | undefined
afterEach(() => {
  page?.unmount()
  page = undefined
  language.value = 'zh'
})

describe('times and values in words', () => {
  it.each([
    [999, '0 s', '0:00', '0 秒'],
    [42_000, '42 s', '0:42', '42 秒'],
    [65_000, '1 分', '1:05', '1 分 5 秒'],
    [26 * 60_000, '26 分', '26 分', '26 分'],
    [109 * 60_000, '1 时', '1 时', '1 时 49 分'],
    [50 * 3_600_000, '2 天', '2 天', '50 时'],
  ])('writes %i ms as an age, a standing time and a duration', (ms, old, stands, long) => {
    expect([age(ms), standing(ms), duration(ms)]).toEqual([old, stands, long])
  })

  it('is Shanghai’s time wherever the computer is', () => {
    expect(clockTime(Date.UTC(2026, 10, 24, 18, 41, 19))).toBe('02:41:19')
    expect(date(Date.UTC(2026, 10, 24, 18, 0))).toBe('11月25日 周三')
    language.value = 'en'
    expect(date(Date.UTC(2026, 10, 24, 18, 0))).toBe('Wed 25 Nov')
  })

  it('writes a value with its unit and a word in its language', () => {
    const kv = { type: 'number', label: { zh: '电压', en: 'Voltage' }, unit: 'kV', min: 0, max: 20 } as const
    const video = { type: 'enum', label: { zh: '画面', en: 'Video' }, labels: { lost: { zh: '无画面', en: 'lost' } } } as const
    expect([fieldText(5.2, kv), fieldText('lost', video), fieldText('odd', video), fieldText(3, undefined)]).toEqual([
      '5.2 kV',
      '无画面',
      'odd',
      '3',
    ])
  })
})

describe('looks', () => {
  it('are unknown for everything on a cut screen', () => {
    expect(deviceLook({ status: 'online' }, 'lost')).toBe('unknown')
    expect(deviceLook(undefined, 'live')).toBe('unknown')
    expect(deviceLook({ status: 'online' }, 'live', true)).toBe('fault')
  })

  it('tell a value that never came from one that is live', () => {
    expect(valueLook({ status: 'online' }, 'live', false)).toBe('unknown')
    expect(valueLook({ status: 'online' }, 'live')).toBe('live')
    expect(valueLook(undefined, 'connecting')).toBe('loading')
  })

  it.each(['loading', 'empty', 'live', 'stale', 'offline', 'unknown'] as const)(
    'draw a reading that is %s in its own way',
    async (look) => {
      page = await mount(ValueState, { props: { look, value: '6.4 kV', at: Date.now() - 240_000, expectedMs: 30_000 } })
      const words = { loading: '载入中', empty: '没有装', live: '6.4 kV', stale: '4 分前', offline: '离线', unknown: '不明' }
      expect(page.text()).toContain(words[look])
      expect(page.find('.value').className).toContain(look)
    },
  )

  it.each([...ALARM_STATES, 'none'] as const)('draw an alarm that is %s as solid only while nobody has it', async (state) => {
    page = await mount(AlarmShape, { props: { priority: 1, state, size: 24, blink: true } })
    const shape = page.find('svg')
    expect(shape.classList.contains('solid')).toBe(state === 'unacknowledged')
    expect(shape.classList.contains('blink')).toBe(state === 'unacknowledged')
    expect(page.text()).toBe('1')
  })

  it('draw a device that is not known with a question mark', async () => {
    page = await mount(DeviceGlyph, { props: { kind: 'camera', look: 'unknown' } })
    expect(page.text()).toBe('?')
  })
})
