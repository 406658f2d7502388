/** Fills what nearly every default rule has in common, so that a rule's own lines say only what is special about it. */
import type { AlarmRule, Condition, Priority } from '../domain/rule.ts'
import type { Words } from '../domain/words.ts'

type Special = Pick<AlarmRule, 'code' | 'name' | 'when' | 'priority' | 'text' | 'instruction'> &
  Partial<Pick<AlarmRule, 'where' | 'onDelayMs' | 'offDelayMs' | 'latch' | 'highlyManaged' | 'priorityWhen' | 'suppressedWhen' | 'show'>>

export function defineRule(kind: string, special: Special): AlarmRule {
  return {
    id: `${kind}.${special.code}`,
    kind,
    where: {},
    onDelayMs: 0,
    offDelayMs: 0,
    latch: false,
    tell: { responsible: true, decisionMaker: special.priority === 1 },
    enabled: true,
    version: 1,
    ...special,
  }
}

/** While the gateway a device was last heard through is gone, its silence says nothing about the device. */
const BEHIND_A_GONE_GATEWAY = [{ when: { judged: 'gateway-gone' }, by: { zh: '网关断了', en: 'Gateway down' } }] as const

interface DeviceWords {
  readonly priority: Priority
  readonly priorityWhen?: readonly { readonly priority: Priority; readonly when: Condition }[]
  readonly silent: Words
  readonly offline: Words
  readonly silentInstruction: Words
  readonly offlineInstruction: Words
}

/** The three rules that every kind has: it fell silent, it said that it is offline, its clock runs ahead. */
export function deviceRules(kind: string, words: DeviceWords): readonly AlarmRule[] {
  const priorities = words.priorityWhen ? { priorityWhen: words.priorityWhen } : {}
  return [
    defineRule(kind, {
      code: 'silent',
      name: { zh: '通讯中断', en: 'Silent' },
      // One that said `offline` has its own alarm.
      when: { all: [{ silentIntervals: 2 }, { unless: { offline: true } }] },
      priority: words.priority,
      ...priorities,
      suppressedWhen: BEHIND_A_GONE_GATEWAY,
      text: words.silent,
      instruction: words.silentInstruction,
    }),
    defineRule(kind, {
      code: 'offline',
      name: { zh: '离线', en: 'Offline' },
      when: { offline: true },
      priority: words.priority,
      ...priorities,
      suppressedWhen: BEHIND_A_GONE_GATEWAY,
      text: words.offline,
      instruction: words.offlineInstruction,
    }),
    defineRule(kind, {
      code: 'clock-fault',
      name: { zh: '时钟快了', en: 'Clock ahead' },
      when: { judged: 'clock-ahead' },
      priority: 3,
      text: { zh: '设备时钟快了 10 秒以上', en: 'The device clock is more than 10 s ahead' },
      instruction: { zh: '记下来，请工程校时', en: 'Note it and ask the engineer to set the clock' },
    }),
  ]
}
