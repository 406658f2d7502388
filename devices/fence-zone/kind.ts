/** What one zone of the electronic fence says: whether it is armed, the worst that is wrong with it, its pulse voltage and where (GB/T 7946-2015). */
import { SECOND_MS } from '../../domain/clock.ts'
import type { KindDefinition } from '../../domain/device-kind.ts'
import { rules } from './rules.ts'

export const fenceZone: KindDefinition = {
  kind: 'fence-zone',
  name: { zh: '围栏防区', en: 'Fence zone' },
  fields: {
    armed: {
      type: 'boolean',
      label: { zh: '布防', en: 'Armed' },
      labels: { true: { zh: '已布防', en: 'armed' }, false: { zh: '已撤防', en: 'disarmed' } },
    },
    state: {
      type: 'enum',
      label: { zh: '状态', en: 'State' },
      labels: {
        normal: { zh: '正常', en: 'ok' },
        touch: { zh: '触网', en: 'touched' },
        climb: { zh: '攀爬', en: 'climbed' },
        cut: { zh: '断线', en: 'wire cut' },
        short: { zh: '短路', en: 'short' },
        tamper: { zh: '防拆', en: 'tamper' },
        'low-voltage': { zh: '电压低', en: 'low voltage' },
        'power-off': { zh: '断电', en: 'power off' },
      },
    },
    voltage_kv: { type: 'number', label: { zh: '电压', en: 'Voltage' }, unit: 'kV', min: 0, max: 20 },
    chainage_m: { type: 'number', label: { zh: '围栏米数', en: 'Chainage' }, unit: 'm', min: 0, max: 100_000 },
  },
  events: ['touch', 'climb', 'cut', 'short', 'tamper', 'low-voltage', 'power-off'],
  expectedIntervalMs: () => 10 * SECOND_MS,
  rules,
}
