import { afterEach, describe, expect, it } from 'vitest'
import EstateBand from '../../../../dashboard/web/frame/EstateBand.vue'
import { language } from '../../../../dashboard/web/i18n/language.ts'
import { mount, type MountOptions, type Mounted } from '../fixtures/mount.ts'
import { alarm, NOW, states } from '../fixtures/small-estate.ts'

let page: Mounted
const show = async (options: MountOptions = {}) => void (page = await mount(EstateBand, options))
afterEach(() => {
  page.unmount()
  language.value = 'zh'
})

describe('the headline band of an estate', () => {
  it('says what, where, for how long, who sees it, the gate and who answers', async () => {
    await show({ alarms: [alarm({ id: 'a', detail: { chainage_m: 172 } }), alarm({ id: 'b', raisedAt: NOW - 1000 })] })
    expect(page.text()).toContain('周界断线 172 m · 2号楼北侧 另有 1 条紧急')
    for (const words of ['第2防区', '42 秒', '摄像 01 看得见', '最近西门', '责任人 值班员甲 · 决策人 督查员丁'])
      expect(page.text()).toContain(words)
    await page.click('.action .button')
    expect(page.acted).toEqual([{ alarm: 'a', action: 'acknowledge', body: undefined }])
  })

  it('proves a calm with x of y of each kind and the oldest reading', async () => {
    await show({ closed: [alarm({ id: 'c', state: 'closed' })] })
    for (const words of ['没有告警', '2/2摄像可信', '390/390 m周界在看', '2/2车位已报', '1/1电梯在线', '最旧读数', '已 42 秒'])
      expect(page.text()).toContain(words)
  })

  it('never says the bare calm while something is not seen', async () => {
    await show({ devices: states({ 'camera/cam-01': { status: 'offline' } }) })
    expect(page.text()).toContain('没有告警，但有 1 路看不见')
  })

  it('says that the engine stopped, as loudly as a lost line, and still lets acknowledge', async () => {
    await show({ alarms: [alarm({ id: 'a' })], health: { tickAt: NOW - 100, engineAt: NOW - 65_000, behind: 0, storeLagMs: null } })
    expect(page.find('.band').className).toContain('inverse')
    expect(page.text()).toContain('告警引擎停了')
    expect(page.text()).toContain('已停 1 分 5 秒')
    expect(page.text()).toContain('停之前未确认')
  })

  it('is taken over by a cut screen', async () => {
    await show({ connection: 'lost', alarms: [alarm({ id: 'a' })] })
    expect(page.text()).toMatch(/已断 1\d 秒，下面是 \d\d:\d\d:\d\d 的旧画面/)
    expect(page.text()).toContain('看不到也听不到')
    expect(page.text()).toContain('第 4 次重连')
  })

  it('speaks English', async () => {
    language.value = 'en'
    await show({ alarms: [alarm({ id: 'a', detail: { chainage_m: 172 } })] })
    expect(page.text()).toContain('Fence wire cut 172 m · N of block 2')
    expect(page.text()).toContain('URGENT')
  })
})
