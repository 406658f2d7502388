/** The alarms of a fence zone: an intruder's marks latch and know no delay; a disarmed zone raises only tamper and silence. */
import type { AlarmRule, Condition } from '../../domain/rule.ts'
import { defineRule, deviceRules } from '../define-rule.ts'

/** Of several troubles at once the zone shows the worst: it then says nothing about the lesser ones. */
const WORST_FIRST = ['cut', 'climb', 'tamper', 'short', 'touch', 'power-off', 'low-voltage', 'normal'] as const

const ARMED: Condition = { unless: { field: 'armed', is: false } }

function shown(state: string): Condition {
  return { event: state, field: 'state', is: state, order: WORST_FIRST }
}

const all: readonly AlarmRule[] = [
  defineRule('fence-zone', {
    code: 'cut',
    name: { zh: '断线', en: 'Wire cut' },
    when: { all: [shown('cut'), ARMED] },
    latch: true,
    priority: 1,
    text: { zh: '围栏的线断了', en: 'A fence wire is cut' },
    instruction: { zh: '先看最近的摄像，再派人去断点', en: 'Look at the nearest camera, then send someone to the spot' },
  }),
  defineRule('fence-zone', {
    code: 'climb',
    name: { zh: '攀爬', en: 'Climbing' },
    when: { all: [shown('climb'), ARMED] },
    latch: true,
    priority: 1,
    text: { zh: '有人在翻围栏', en: 'Someone is climbing the fence' },
    instruction: { zh: '看摄像里有没有人，有人就报 110 并派人', en: 'Look for a person on the camera; if so call 110 and send someone' },
  }),
  defineRule('fence-zone', {
    code: 'tamper',
    name: { zh: '防拆', en: 'Tamper' },
    when: shown('tamper'),
    latch: true,
    priority: 1,
    text: { zh: '围栏主机或箱盖被打开', en: 'The fence unit or its box was opened' },
    instruction: { zh: '问工程是不是在修；不是就派人去看', en: 'Ask whether the engineer is at work there; if not, send someone' },
  }),
  defineRule('fence-zone', {
    code: 'short',
    name: { zh: '短路', en: 'Short' },
    when: { all: [shown('short'), ARMED] },
    latch: true,
    priority: 1,
    text: { zh: '围栏相邻两根线碰在一起', en: 'Two neighbouring fence wires touch' },
    instruction: { zh: '先看摄像有没有人压线，再派人去看', en: 'See on the camera whether someone presses the wires, then send someone' },
  }),
  defineRule('fence-zone', {
    code: 'touch',
    name: { zh: '触网', en: 'Touched' },
    when: { all: [shown('touch'), ARMED] },
    priority: 2,
    // Twice within 60 s, here or in a zone beside it, is someone trying.
    priorityWhen: [{ priority: 1, when: { judged: 'touched-again' } }],
    text: { zh: '有东西碰到围栏', en: 'Something touched the fence' },
    instruction: { zh: '看摄像：是人，还是猫、树枝', en: 'Look at the camera: a person, or a cat or branch' },
  }),
  defineRule('fence-zone', {
    code: 'power-off',
    name: { zh: '断电', en: 'Power off' },
    when: { all: [shown('power-off'), ARMED] },
    priority: 2,
    text: { zh: '围栏没有电，这一段不防人', en: 'The fence has no power: this zone guards nothing' },
    instruction: { zh: '派人守这一段，查围栏电源', en: 'Post someone at this zone and check its supply' },
  }),
  defineRule('fence-zone', {
    code: 'low-voltage',
    name: { zh: '电压低', en: 'Low voltage' },
    when: {
      all: [
        {
          any: [
            shown('low-voltage'),
            {
              all: [{ field: 'voltage_kv', below: 5.5, deadband: 0.3 }, { unless: { not: { field: 'state', is: 'normal' } } }],
            },
          ],
        },
        ARMED,
      ],
    },
    priority: 3,
    text: { zh: '围栏电压低于 5.5 kV', en: 'Fence voltage is under 5.5 kV' },
    instruction: { zh: '看有没有树枝搭线，告诉工程', en: 'See whether a branch lies on the wire and tell the engineer' },
  }),
  ...deviceRules('fence-zone', {
    priority: 3,
    priorityWhen: [{ priority: 2, when: { field: 'armed', is: true } }],
    silent: { zh: '防区没有消息，不知道有没有人翻', en: 'The zone is silent: nobody can say whether it is being crossed' },
    offline: { zh: '防区离线，不知道有没有人翻', en: 'The zone is offline: nobody can say whether it is being crossed' },
    silentInstruction: { zh: '用摄像看住这一段，派人去查', en: 'Watch this stretch by camera and send someone' },
    offlineInstruction: { zh: '用摄像看住这一段，派人去查', en: 'Watch this stretch by camera and send someone' },
  }),
]

export const rules: readonly AlarmRule[] = all.map((rule) => ({ ...rule, show: ['chainage_m', 'voltage_kv'] }))
