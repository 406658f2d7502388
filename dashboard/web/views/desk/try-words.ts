/** Words of the try-it strip. */
import { defineWords } from '../../i18n/words.ts'

export const tryWords = defineWords(
  {
    head: '试一试（模拟数据）',
    cut: '437 m 断线',
    entrapment: '有人困在电梯里',
    gatewayLost: '网关断线',
    nothing: '没有新告警：先让上一次的结束',
    painted: (ms: number) => `上屏 ${ms} ms`,
  },
  {
    head: 'Try it (simulated data)',
    cut: 'Cut at 437 m',
    entrapment: 'Person shut in a lift',
    gatewayLost: 'Gateway lost',
    nothing: 'No new alarm: end the last one first',
    painted: (ms) => `on screen in ${ms} ms`,
  },
)
