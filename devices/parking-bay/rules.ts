/** The alarms of a bay: a car where none may stand, and the health of the sensor. */
import { DAY_MS, MINUTE_MS } from '../../domain/clock.ts'
import type { AlarmRule, Condition } from '../../domain/rule.ts'
import { defineRule, deviceRules } from '../define-rule.ts'

/** A sensor's own word counts at once; a car seen only counts after five minutes. */
function standing(event: string): Condition {
  return {
    any: [
      { event, endedBy: { field: 'status', is: 'free' } },
      { field: 'status', is: 'occupied', forMs: 5 * MINUTE_MS },
    ],
  }
}

export const rules: readonly AlarmRule[] = [
  defineRule('parking-bay', {
    code: 'fire-lane-occupied',
    name: { zh: '消防通道被占', en: 'Fire lane blocked' },
    where: { use: 'fire-lane' },
    when: standing('fire-lane-occupied'),
    priority: 2,
    text: { zh: '消防通道上停了车，超过 5 分钟', en: 'A car has stood on the fire lane for more than 5 minutes' },
    instruction: { zh: '派人去劝走；查车主电话', en: 'Send someone to have it moved; look up the owner' },
  }),
  defineRule('parking-bay', {
    code: 'green-occupied',
    name: { zh: '绿地被占', en: 'Car on the green' },
    where: { use: 'green' },
    when: standing('green-occupied'),
    priority: 2,
    text: { zh: '绿地上停了车，超过 5 分钟', en: 'A car has stood on the green for more than 5 minutes' },
    instruction: { zh: '派人去劝走，告诉他哪里有空位', en: 'Send someone to have it moved and say where a bay is free' },
  }),
  defineRule('parking-bay', {
    code: 'battery-low',
    name: { zh: '电池低', en: 'Battery low' },
    when: { event: 'battery-low', says: { field: 'battery_percent', below: 10, deadband: 5 } },
    priority: 3,
    text: { zh: '车位传感器电池低于 10 %', en: 'The bay sensor has less than 10 % battery' },
    instruction: { zh: '请工程这周换电池', en: 'Ask the engineer to change the battery this week' },
  }),
  defineRule('parking-bay', {
    code: 'sensor-stuck',
    name: { zh: '传感器卡住', en: 'Sensor stuck' },
    when: {
      any: [
        { event: 'sensor-stuck' },
        // A taken bay that never changes for a fortnight is a dead sensor or an abandoned car: both want a look.
        { held: { field: 'status', is: 'occupied' }, forMs: 14 * DAY_MS, confirmed: true },
      ],
    },
    priority: 3,
    text: { zh: '传感器很久不变，读数不可信', en: 'The sensor has not changed for very long: do not trust it' },
    instruction: { zh: '巡逻时看一眼：是不是真有车', en: 'Look on the next round: is there really a car' },
  }),
  defineRule('parking-bay', {
    code: 'sensor-flickers',
    name: { zh: '传感器乱跳', en: 'Sensor flickers' },
    when: { any: [{ event: 'sensor-flickers' }, { field: 'status', is: 'occupied', atLeast: 5, withinMs: 10 * MINUTE_MS }] },
    priority: 3,
    text: { zh: '传感器来回乱跳', en: 'The sensor flickers between free and taken' },
    instruction: { zh: '请工程校准这个传感器', en: 'Ask the engineer to calibrate this sensor' },
  }),
  ...deviceRules('parking-bay', {
    priority: 3,
    silent: { zh: '车位没有消息', en: 'The bay is silent' },
    offline: { zh: '车位传感器离线', en: 'The bay sensor is offline' },
    silentInstruction: { zh: '别当它是空位；请工程查电池和信号', en: 'Do not count it free; ask the engineer to check battery and signal' },
    offlineInstruction: {
      zh: '别当它是空位；请工程查电池和信号',
      en: 'Do not count it free; ask the engineer to check battery and signal',
    },
  }),
]
