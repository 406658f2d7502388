/** The default rules and, up to the number asked for, rules that people could have written for one device each, spread over all devices. */
import { DEFAULT_RULES } from '../../devices/default-rules.ts'
import { defineRule } from '../../devices/define-rule.ts'
import type { Estate } from '../../domain/estate.ts'
import type { AlarmRule, Condition } from '../../domain/rule.ts'

const CONDITIONS: Readonly<Record<string, readonly Condition[]>> = {
  camera: [
    { field: 'temperature_celsius', above: 58, deadband: 2 },
    { field: 'fps', below: 5, deadband: 2 },
    {
      all: [
        { field: 'recording', is: false },
        { field: 'video', is: 'ok' },
      ],
    },
    { field: 'bitrate_kbps', changesBy: 30_000, withinMs: 120_000 },
    { field: 'clock_offset_ms', above: 4000, deadband: 500 },
    { field: 'video', is: 'blurred', forMs: 60_000 },
    { field: 'video', is: 'lost', atLeast: 3, withinMs: 600_000 },
    { silentForMs: 3_600_000 },
  ],
  'fence-zone': [
    { field: 'voltage_kv', below: 4.5, deadband: 0.5 },
    { field: 'voltage_kv', above: 11, deadband: 0.5 },
    {
      all: [
        { field: 'armed', is: true },
        { field: 'state', is: 'power-off' },
      ],
    },
    { field: 'armed', is: false, forMs: 86_400_000 },
    { field: 'state', is: 'touch', atLeast: 20, withinMs: 600_000 },
    {
      any: [
        { field: 'state', is: 'cut' },
        { field: 'state', is: 'climb' },
      ],
    },
    { silentForMs: 3_600_000 },
    { field: 'voltage_kv', changesBy: 6, withinMs: 60_000 },
  ],
  'parking-bay': [
    { field: 'battery_percent', below: 6, deadband: 2 },
    { field: 'temperature_celsius', above: 70, deadband: 3 },
    { field: 'rssi_dbm', below: -130, deadband: 5 },
    { field: 'status', is: 'occupied', forMs: 604_800_000 },
    { field: 'status', is: 'closed', forMs: 86_400_000 },
    { silentForMs: 172_800_000 },
    {
      any: [
        { field: 'temperature_celsius', below: -25 },
        { field: 'temperature_celsius', above: 75 },
      ],
    },
    { field: 'status', is: 'free', atLeast: 30, withinMs: 3_600_000 },
  ],
  elevator: [
    { field: 'vibration_mg', above: 200, deadband: 20 },
    { field: 'load_percent', above: 110, deadband: 10 },
    {
      all: [
        { field: 'door', is: 'open' },
        { field: 'mode', is: 'stopped' },
      ],
    },
    { field: 'levelling_mm', above: 30, deadband: 5 },
    { field: 'door', is: 'open', forMs: 600_000 },
    { field: 'door_open_ms', aboveMedian: 2, inRow: 5, per: 'door_cycles' },
    { field: 'speed_mps', changesBy: 6, withinMs: 3000 },
    { silentForMs: 600_000 },
  ],
  gateway: [{ field: 'queued', above: 50_000, deadband: 1000 }, { silentForMs: 600_000 }],
}
const WORDS = { zh: '另一条规则', en: 'Another rule' }

export function rulesForDevices(estates: readonly Estate[], count: number): readonly AlarmRule[] {
  const rules: AlarmRule[] = [...DEFAULT_RULES]
  for (let turn = 0; rules.length < count; turn++)
    for (const estate of estates)
      for (const { kind, id } of estate.devices) {
        if (rules.length >= count) return rules
        const conditions = CONDITIONS[kind]!
        const when = conditions[turn % conditions.length]!
        const code = DEFAULT_RULES.find((rule) => rule.kind === kind)!.code
        rules.push({
          ...defineRule(kind, { code, name: WORDS, when, priority: 3, text: WORDS, instruction: WORDS }),
          id: `own-${rules.length}`,
          where: { estate: estate.id, device: id },
        })
      }
  return rules
}
