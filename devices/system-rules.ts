/** The alarms of the system itself: they bear the estate and kind `system` and belong to every desk. */
import { SYSTEM_KIND } from '../domain/alarm.ts'
import type { AlarmRule } from '../domain/rule.ts'
import { defineRule } from './define-rule.ts'

export const SYSTEM_RULES: readonly AlarmRule[] = [
  defineRule(SYSTEM_KIND, {
    code: 'disk-low',
    name: { zh: '磁盘快满', en: 'Disk low' },
    when: { judged: 'disk-low' },
    priority: 2,
    text: { zh: '系统磁盘快满了', en: 'The disk of this system is nearly full' },
    instruction: { zh: '打给工程：腾出空间', en: 'Call the engineer: make room' },
  }),
  defineRule(SYSTEM_KIND, {
    code: 'store-down',
    name: { zh: '存储断了', en: 'Store down' },
    when: { judged: 'store-down' },
    priority: 3,
    text: { zh: '历史数据存不进去；告警和画面照常', en: 'History cannot be stored; alarms and the screen go on' },
    instruction: { zh: '告诉工程；消息在等，不会丢', en: 'Tell the engineer; readings wait and are not lost' },
  }),
  defineRule(SYSTEM_KIND, {
    code: 'journal-gap',
    name: { zh: '有一段没有看', en: 'A time unwatched' },
    when: { judged: 'journal-gap' },
    priority: 3,
    text: { zh: '系统停过一段，这段时间没有人看着', en: 'The system stood for a while: nothing was watched in that time' },
    instruction: { zh: '回看这段录像，问巡逻有没有事', en: 'Look through the recordings of that time and ask the patrol' },
  }),
  defineRule(SYSTEM_KIND, {
    code: 'internal-error',
    name: { zh: '软件出错', en: 'Software fault' },
    when: { judged: 'internal-error' },
    priority: 3,
    text: { zh: '有一条消息没处理好，已经留下', en: 'A message could not be worked on and was kept' },
    instruction: { zh: '告诉工程，看运行页', en: 'Tell the engineer; see the operations page' },
  }),
]

/** What a system alarm is about, where a device would stand. */
export const SYSTEM_SUBJECTS: Readonly<Record<string, string>> = {
  'disk-low': 'disk',
  'store-down': 'store',
  'journal-gap': 'journal',
  'internal-error': 'software',
}
