import { afterEach, describe, expect, it } from 'vitest'
import Queue from '../../../../dashboard/web/views/desk/queue/Queue.vue'
import { mount, press, type MountOptions, type Mounted } from '../fixtures/mount.ts'
import { alarm, NOW } from '../fixtures/small-estate.ts'

let page: Mounted
const show = async (options: MountOptions = {}, props: Record<string, unknown> = {}) => {
  page = await mount(Queue, { ...options, props: { selected: undefined, ...props } })
}
const titles = () => [...page.element.querySelectorAll('.row .what .title')].map((one) => one.textContent)
afterEach(() => page.unmount())

describe('the queue', () => {
  it('says what, where, since when and who has it', async () => {
    await show({
      alarms: [
        alarm({ id: 'a', detail: { chainage_m: 172 } }),
        alarm({ id: 'b', priority: 2, state: 'acknowledged', acknowledgedBy: 'guard' }),
      ],
    })
    expect(titles()).toEqual(['周界断线 第2防区 172 m', '周界断线 第2防区'])
    expect(page.text()).toContain('2号楼北侧 · 未确认')
    expect(page.text()).toContain('值班员甲已接')
    expect(page.text()).toContain('0:42')
    expect(page.text()).toContain('未确认 1')
  })

  it('proves that an empty queue hides nothing', async () => {
    await show()
    expect(page.text()).toContain('队列是空的')
    expect(page.text()).toContain('没有被藏起来的告警')
  })

  it('keeps shelved and suppressed alarms in sight, with who, until when and by what', async () => {
    await show({
      alarms: [
        alarm({ id: 's', priority: 3, state: 'shelved', shelved: { by: 'guard', until: NOW + 3_600_000, reason: '树枝遮挡' } }),
        alarm({ id: 'x', priority: 3, state: 'suppressed', suppressedBy: { zh: '网关断了', en: 'Gateway down' } }),
      ],
    })
    expect(page.text()).toContain('搁置 1 · 抑制 1')
    expect(page.text()).toMatch(/树枝遮挡，值班员甲 搁置到 \d\d:\d\d/)
    expect(page.text()).toContain('被抑制：网关断了')
  })

  it('marks an alarm from a late message with when it really was', async () => {
    await show({ alarms: [alarm({ id: 'a', late: true, detail: { observed_at: NOW - 7_200_000 } })] })
    expect(page.text()).toMatch(/迟到，实际 \d\d:\d\d/)
  })

  it('lists what ended lately', async () => {
    await show({ closed: [alarm({ id: 'c', state: 'closed', acknowledgedBy: 'guard' })] })
    expect(page.text()).toContain('最近结束 1 条')
  })

  it('draws the alarms of a cut screen as old, and knows nothing of what came since', async () => {
    await show({ connection: 'lost', alarms: [alarm({ id: 'a' })] })
    expect(page.text()).toContain('断线前的告警')
    expect(page.find('.row .when .title').textContent).toBe('不明')
    expect(page.element.querySelector('.shape.old')).not.toBeNull()
    expect(page.element.querySelector('.blink')).toBeNull()
  })

  it('does not call a cut screen with an empty queue calm', async () => {
    await show({ connection: 'lost' })
    expect(page.text()).toContain('之后有没有，这台电脑不知道')
    expect(page.text()).not.toContain('队列是空的')
  })

  it('is picked from with the arrows, which rest while someone types', async () => {
    const picked: string[] = []
    await show(
      { alarms: [alarm({ id: 'a' }), alarm({ id: 'b', priority: 2 })] },
      { selected: 'a', onPick: (id: string) => picked.push(id) },
    )
    await press('ArrowDown')
    const input = document.createElement('input')
    page.element.append(input)
    await press('ArrowDown', input)
    expect(picked).toEqual(['b'])
  })
})
