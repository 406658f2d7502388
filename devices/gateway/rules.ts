/** The alarms of a gateway: one for a box that is gone, however many devices are behind it. */
import type { AlarmRule } from '../../domain/rule.ts'
import { SECOND_MS } from '../../domain/clock.ts'
import { defineRule, deviceRules } from '../define-rule.ts'

const own = deviceRules('gateway', {
  priority: 3,
  silent: { zh: '网关连着，但自己没有消息', en: 'The gateway is connected but says nothing of itself' },
  offline: { zh: '网关说自己要离线', en: 'The gateway says that it is offline' },
  silentInstruction: { zh: '看它后面的设备还来不来消息，告诉工程', en: 'See whether its devices still report; tell the engineer' },
  offlineInstruction: { zh: '看是不是工程在重启它', en: 'See whether the engineer is restarting it' },
})

export const rules: readonly AlarmRule[] = [
  defineRule('gateway', {
    code: 'gateway-down',
    name: { zh: '网关断了', en: 'Gateway down' },
    when: { judged: 'gateway-down' },
    priority: 2,
    text: { zh: '网关断了，它后面的设备都看不见', en: 'The gateway is down: nothing behind it can be seen' },
    instruction: { zh: '查网关电源和网线，多巡逻', en: 'Check its supply and cable; patrol more often' },
  }),
  defineRule('gateway', {
    code: 'gateway-misconfigured',
    name: { zh: '网关配置错', en: 'Gateway misconfigured' },
    when: { judged: 'refused' },
    priority: 2,
    text: { zh: '网关在往不归它的地方发消息', en: 'The gateway publishes where it has no right to' },
    instruction: { zh: '告诉工程，看运行页上被拒的消息', en: 'Tell the engineer; the refused messages are on the operations page' },
  }),
  defineRule('gateway', {
    code: 'credential-shared',
    name: { zh: '账号被共用', en: 'Credential shared' },
    when: { judged: 'credential-shared' },
    priority: 2,
    text: { zh: '两台机器在用同一个网关账号', en: 'Two machines use the same gateway credential' },
    instruction: { zh: '告诉工程：查哪台是假的，换密码', en: 'Tell the engineer: find the wrong one and rotate the password' },
  }),
  // A gateway that is gone is one trouble: its own silence is that, and so is the `offline` of its will, which comes a moment before its connection is seen to end.
  ...own.map((rule) => ({
    ...rule,
    when: { all: [rule.when, { unless: { judged: 'gateway-down' } }] },
    onDelayMs: rule.code === 'offline' ? 5 * SECOND_MS : 0,
  })),
]
