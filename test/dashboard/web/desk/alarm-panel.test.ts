import { afterEach, describe, expect, it } from 'vitest'
import { ApiError } from '../../../../dashboard/web/api/client.ts'
import AlarmPanel from '../../../../dashboard/web/views/desk/panel/AlarmPanel.vue'
import { alarmButtons } from '../../../../dashboard/web/views/desk/panel/alarm-buttons.ts'
import { mount, press, type MountOptions, type Mounted } from '../fixtures/mount.ts'
import { alarm, states } from '../fixtures/small-estate.ts'

let page: Mounted
const show = async (one: ReturnType<typeof alarm>, options: MountOptions = {}) => {
  page = await mount(AlarmPanel, { alarms: [one], ...options, props: { alarm: one } })
}
afterEach(() => page.unmount())
const cut = (part: Partial<ReturnType<typeof alarm>> = {}) => alarm({ id: 'a', detail: { chainage_m: 172 }, ...part })

describe('what to do about an alarm', () => {
  it('names a responsible person, a decision maker, the first steps and who sees it', async () => {
    await show(cut())
    for (const words of ['责任人 值班员甲801', '决策人 督查员丁804', '摄像01', '朝东', '要复位才结束', '看 01：有没有人'])
      expect(page.text()).toContain(words)
  })

  it('says that nobody sees it, and that a camera which should is blind', async () => {
    await show(alarm({ id: 'a', detail: { chainage_m: 20 } }))
    expect(page.text()).toContain('没有摄像看得见')
    page.unmount()
    await show(cut(), { devices: states({ 'camera/cam-01': { reading: { video: 'lost' } } }) })
    expect(page.text()).toContain('没画面')
  })

  it('says nobody, rather than nothing, where no one is responsible', async () => {
    await show(cut({ responsible: null }))
    expect(page.text()).toContain('责任人 没有人')
  })

  it('acknowledges, and hands in a note that stays in its field when it was refused', async () => {
    await show(cut())
    await page.click('.buttons .main')
    await press('F7')
    const field = page.find('#note') as HTMLInputElement
    field.value = '已派人'
    field.dispatchEvent(new Event('input'))
    page.pending.value = new Map([
      ['a', { alarm: 'a', action: 'comment', transition: 1, state: 'refused', error: new ApiError('raised-again', 'x') }],
    ])
    page.find('form').dispatchEvent(new Event('submit', { cancelable: true }))
    await Promise.resolve()
    expect(page.acted).toEqual([
      { alarm: 'a', action: 'acknowledge', body: undefined },
      { alarm: 'a', action: 'comment', body: { text: '已派人' } },
    ])
    expect(page.text()).toContain('刚才又报了一次，请再看一眼')
    expect((page.find('#note') as HTMLInputElement).value).toBe('已派人')
  })

  it('does not reset while the cause is there, and says so on the button', async () => {
    await show(cut({ state: 'acknowledged' }))
    expect(page.text()).toContain('复位 · 情况还在')
    await press('F6')
    expect(page.acted).toEqual([])
  })

  it('shows 已交 未生效 while the engine is behind', async () => {
    await show(cut())
    page.pending.value = new Map([['a', { alarm: 'a', action: 'acknowledge', transition: 1, state: 'queued' }]])
    await Promise.resolve()
    expect(page.text()).toContain('确认 · 已交 未生效')
  })

  it('hatches values that are no longer heard', async () => {
    await show(cut(), { devices: states({ 'fence-zone/zone-2': { status: 'stale' } }) })
    expect(page.element.querySelector('.value.stale')).not.toBeNull()
  })
})

describe('an alarm’s buttons', () => {
  const base = { latches: true, mayAct: true, mayComment: true, connection: 'live', handed: undefined } as const
  const of = (state: 'unacknowledged' | 'acknowledged' | 'returned' | 'latched' | 'shelved', more = {}) =>
    alarmButtons({ ...base, alarm: { state, returnedAt: null }, ...more })

  it.each([
    ['unacknowledged', { acknowledge: undefined, reset: 'active', comment: undefined }],
    ['acknowledged', { acknowledge: 'acknowledged', reset: 'active', comment: undefined }],
    ['returned', { acknowledge: undefined, reset: undefined, comment: undefined }],
    ['latched', { acknowledge: 'acknowledged', reset: undefined, comment: undefined }],
    ['shelved', { acknowledge: 'quiet', reset: 'quiet', comment: undefined }],
  ] as const)('are right for a latching alarm that is %s', (state, buttons) => {
    expect(of(state)).toEqual(buttons)
  })

  it('offer no reset where the rule does not latch', () => {
    expect(of('acknowledged', { latches: false }).reset).toBe('selfEnding')
    expect(of('returned', { latches: false }).reset).toBe('ackFirst')
  })

  it('are off on a cut screen and for a role that may not', () => {
    expect(of('unacknowledged', { connection: 'lost' })).toEqual({ acknowledge: 'cut', reset: 'cut', comment: 'cut' })
    expect(of('unacknowledged', { mayAct: false })).toEqual({ acknowledge: 'role', reset: 'role', comment: undefined })
  })
})
