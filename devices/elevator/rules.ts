/** The alarms of a lift: people shut in first, then what may hurt them, then what will stop it. */
import type { AlarmRule } from '../../domain/rule.ts'
import { defineRule, deviceRules } from '../define-rule.ts'
import {
  ATTENDED,
  ENDED_BY_OPEN_DOOR,
  MOVING,
  NO_SERVICE,
  OVERSPEED,
  PASSENGER,
  SHUT_IN,
  SHUT_IN_IS_TOLD,
  SHUT_IN_MS,
  SLOW_DOOR,
  STILL,
  STILL_COUNTERS,
} from './conditions.ts'

/** A fault that only the lift's own controller can tell. */
function fault(code: string, priority: 1 | 2 | 3, words: Pick<AlarmRule, 'name' | 'text' | 'instruction'>): AlarmRule {
  return defineRule('elevator', { code, priority, when: { event: code }, suppressedWhen: [NO_SERVICE], ...words })
}

const all: readonly AlarmRule[] = [
  defineRule('elevator', {
    code: 'entrapment',
    name: { zh: '困人', en: 'Entrapment' },
    when: {
      any: [
        { event: 'entrapment', endedBy: ENDED_BY_OPEN_DOOR },
        { held: SHUT_IN, forMs: SHUT_IN_MS, unchanged: STILL_COUNTERS, confirmed: true },
      ],
    },
    latch: true,
    highlyManaged: true,
    priority: 1,
    suppressedWhen: [ATTENDED],
    text: { zh: '电梯里有人出不来', en: 'Someone is shut in the lift' },
    instruction: {
      zh: '先用对讲安抚，再打维保电话；不要自己撬门',
      en: 'Speak to them first, then call the maintainer; do not force the door',
    },
  }),
  defineRule('elevator', {
    code: 'alarm-button',
    name: { zh: '轿厢呼救', en: 'Alarm button' },
    when: { event: 'alarm-button' },
    latch: true,
    highlyManaged: true,
    priority: 1,
    text: { zh: '有人按了轿厢里的报警按钮', en: 'Someone pressed the alarm button in the lift' },
    instruction: { zh: '马上接对讲，问几个人、要不要救护', en: 'Answer the intercom at once: how many, is anyone hurt' },
  }),
  defineRule('elevator', {
    code: 'door-open-moving',
    name: { zh: '开门走梯', en: 'Moving with the door open' },
    when: {
      any: [
        { event: 'door-open-moving', endedBy: { field: 'door', is: 'closed' } },
        {
          all: [
            { field: 'door', is: 'open' },
            MOVING,
            // Doors may begin to open while the car levels: GB 7588 allows that in the door zone up to 0.8 m/s.
            { any: [{ unless: { field: 'in_door_zone', is: true } }, { field: 'speed_mps', above: 0.8 }] },
          ],
        },
      ],
    },
    priority: 1,
    suppressedWhen: [NO_SERVICE],
    text: { zh: '电梯开着门在走', en: 'The lift moves with its door open' },
    instruction: {
      zh: '对讲叫里面的人站到里面，停用电梯，打维保电话',
      en: 'Tell those inside to stand back, take the lift out of use, call the maintainer',
    },
  }),
  fault('unintended-movement', 1, {
    name: { zh: '意外移动', en: 'Unintended movement' },
    text: { zh: '轿厢自己动了', en: 'The car moved by itself' },
    instruction: { zh: '停用电梯，派人守门，打维保电话', en: 'Take the lift out of use, post someone, call the maintainer' },
  }),
  fault('overshoot', 1, {
    name: { zh: '冲顶', en: 'Overshoot' },
    text: { zh: '轿厢冲过了顶层', en: 'The car ran past the top floor' },
    instruction: {
      zh: '对讲问里面有没有人、有没有受伤，打维保电话',
      en: 'Ask by intercom who is inside and whether hurt; call the maintainer',
    },
  }),
  fault('pit', 1, {
    name: { zh: '蹲底', en: 'In the pit' },
    text: { zh: '轿厢落到了底坑', en: 'The car ran into the pit' },
    instruction: {
      zh: '对讲问里面有没有人、有没有受伤，打维保电话',
      en: 'Ask by intercom who is inside and whether hurt; call the maintainer',
    },
  }),
  defineRule('elevator', {
    code: 'overspeed',
    name: { zh: '超速', en: 'Overspeed' },
    when: { any: [{ event: 'overspeed' }, OVERSPEED] },
    priority: 1,
    suppressedWhen: [NO_SERVICE],
    text: { zh: '电梯跑得太快', en: 'The lift runs too fast' },
    instruction: { zh: '停用电梯，对讲问里面的人，打维保电话', en: 'Take the lift out of use, ask those inside, call the maintainer' },
  }),
  defineRule('elevator', {
    code: 'stopped-off-level',
    name: { zh: '非平层停梯', en: 'Stopped off level' },
    when: {
      any: [
        { event: 'stopped-off-level', endedBy: { field: 'in_door_zone', is: true } },
        { held: { all: [{ field: 'in_door_zone', is: false }, STILL] }, forMs: 10_000, unchanged: ['floor', 'run_count'] },
      ],
    },
    priority: 2,
    priorityWhen: [{ priority: 1, when: PASSENGER }],
    suppressedWhen: [NO_SERVICE, SHUT_IN_IS_TOLD],
    text: { zh: '电梯停在两层之间', en: 'The lift stands between floors' },
    instruction: { zh: '先看、先问轿厢里有没有人，再打维保电话', en: 'Look and ask whether anyone is inside, then call the maintainer' },
  }),
  fault('safety-circuit', 2, {
    name: { zh: '安全回路断', en: 'Safety circuit open' },
    text: { zh: '运行中安全回路断开，电梯停了', en: 'The safety circuit opened during a run; the lift stands' },
    instruction: { zh: '问轿厢里有没有人，打维保电话', en: 'Ask whether anyone is inside and call the maintainer' },
  }),
  fault('blocked-restart', 2, {
    name: { zh: '不能再启动', en: 'Blocked' },
    text: { zh: '故障没消除，电梯不能再开', en: 'A fault keeps the lift from starting again' },
    instruction: { zh: '贴停用牌，打维保电话', en: 'Put up the sign and call the maintainer' },
  }),
  defineRule('elevator', {
    code: 'main-power-off',
    name: { zh: '主电断', en: 'Main power off' },
    when: { event: 'main-power-off', says: { field: 'power', is: 'battery' } },
    priority: 2,
    priorityWhen: [{ priority: 1, when: PASSENGER }],
    suppressedWhen: [NO_SERVICE],
    text: { zh: '电梯没有主电', en: 'The lift has no mains power' },
    instruction: { zh: '问轿厢里有没有人，查配电间', en: 'Ask whether anyone is inside and check the switch room' },
  }),
  defineRule('elevator', {
    code: 'door-close-fault',
    name: { zh: '关门故障', en: 'Door will not close' },
    when: { any: [{ event: 'door-close-fault' }, SLOW_DOOR] },
    priority: 3,
    suppressedWhen: [NO_SERVICE],
    text: { zh: '电梯门关不好', en: 'The lift door does not close properly' },
    instruction: { zh: '看门槽里有没有东西，告诉工程', en: 'Look for something in the sill and tell the engineer' },
  }),
  fault('door-open-fault', 3, {
    name: { zh: '开门故障', en: 'Door will not open' },
    text: { zh: '电梯门开不好', en: 'The lift door does not open properly' },
    instruction: { zh: '看轿厢里有没有人，告诉工程', en: 'See whether anyone is inside and tell the engineer' },
  }),
  fault('position-lost', 3, {
    name: { zh: '楼层丢失', en: 'Position lost' },
    text: { zh: '电梯不知道自己在几楼', en: 'The lift does not know its floor' },
    instruction: { zh: '告诉工程', en: 'Tell the engineer' },
  }),
  fault('run-timeout', 3, {
    name: { zh: '运行超时', en: 'Run timeout' },
    text: { zh: '电梯跑得太久还没到', en: 'The lift ran too long without arriving' },
    instruction: { zh: '看轿厢里有没有人，告诉工程', en: 'See whether anyone is inside and tell the engineer' },
  }),
  fault('other-fault', 3, {
    name: { zh: '其他故障', en: 'Other fault' },
    text: { zh: '电梯报了一个没登记的故障码', en: 'The lift reports a fault code that is not in our list' },
    instruction: { zh: '把方案和代码告诉工程', en: 'Tell the engineer the scheme and the code' },
  }),
  ...deviceRules('elevator', {
    priority: 3,
    priorityWhen: [{ priority: 2, when: { all: [MOVING, PASSENGER] } }],
    silent: { zh: '电梯没有消息', en: 'The lift is silent' },
    offline: { zh: '电梯离线', en: 'The lift is offline' },
    silentInstruction: { zh: '去看电梯停在哪、里面有没有人', en: 'Go and see where it stands and whether anyone is inside' },
    offlineInstruction: { zh: '去看电梯停在哪、里面有没有人', en: 'Go and see where it stands and whether anyone is inside' },
  }),
]

export const rules: readonly AlarmRule[] = all.map((rule) => ({
  ...rule,
  show: ['floor', 'in_door_zone', 'door', 'passenger', 'mode', 'direction'],
}))
