/** What a lift in service says: where it is, how it moves, its door, who is inside, and how it runs (GB/T 24476 real-time data). */
import { SECOND_MS } from '../../domain/clock.ts'
import type { KindDefinition } from '../../domain/device-kind.ts'
import { rules } from './rules.ts'
import { ELEVATOR_SCHEMES } from './schemes.ts'

const counter = { type: 'number', unit: '', min: 0, max: 1e9, integer: true } as const

export const elevator: KindDefinition = {
  kind: 'elevator',
  name: { zh: '电梯', en: 'Lift' },
  fields: {
    mode: {
      type: 'enum',
      label: { zh: '模式', en: 'Mode' },
      labels: {
        normal: { zh: '正常', en: 'normal' },
        inspection: { zh: '检修', en: 'inspection' },
        fire: { zh: '消防', en: 'fire' },
        independent: { zh: '专用', en: 'independent' },
        stopped: { zh: '停用', en: 'stopped' },
      },
    },
    floor: { type: 'number', label: { zh: '楼层', en: 'Floor' }, unit: '', min: -20, max: 200, integer: true },
    direction: {
      type: 'enum',
      label: { zh: '方向', en: 'Direction' },
      labels: { up: { zh: '上行', en: 'up' }, down: { zh: '下行', en: 'down' }, none: { zh: '停着', en: 'none' } },
    },
    speed_mps: { type: 'number', label: { zh: '速度', en: 'Speed' }, unit: 'm/s', min: 0, max: 10 },
    door: {
      type: 'enum',
      label: { zh: '门', en: 'Door' },
      labels: {
        open: { zh: '开着', en: 'open' },
        opening: { zh: '正在开', en: 'opening' },
        closed: { zh: '关着', en: 'closed' },
        closing: { zh: '正在关', en: 'closing' },
      },
    },
    in_door_zone: {
      type: 'boolean',
      label: { zh: '平层', en: 'Level' },
      labels: { true: { zh: '平层', en: 'in the door zone' }, false: { zh: '不平层', en: 'outside the door zone' } },
    },
    passenger: {
      type: 'boolean',
      label: { zh: '轿厢有人', en: 'Passenger' },
      labels: { true: { zh: '有人', en: 'someone inside' }, false: { zh: '没有人', en: 'nobody inside' } },
    },
    load_percent: { type: 'number', label: { zh: '载重', en: 'Load' }, unit: '%', min: 0, max: 200 },
    run_count: { ...counter, label: { zh: '运行次数', en: 'Runs' } },
    door_cycles: { ...counter, label: { zh: '开门次数', en: 'Door cycles' } },
    door_open_ms: { type: 'number', label: { zh: '开门用时', en: 'Door opening time' }, unit: 'ms', min: 0, max: 600_000 },
    door_close_ms: { type: 'number', label: { zh: '关门用时', en: 'Door closing time' }, unit: 'ms', min: 0, max: 600_000 },
    levelling_mm: { type: 'number', label: { zh: '平层误差', en: 'Levelling error' }, unit: 'mm', min: -2000, max: 2000 },
    vibration_mg: { type: 'number', label: { zh: '振动', en: 'Vibration' }, unit: 'mg', min: 0, max: 10_000 },
    power: {
      type: 'enum',
      label: { zh: '供电', en: 'Power' },
      labels: { mains: { zh: '主电', en: 'mains' }, battery: { zh: '电池', en: 'battery' } },
    },
  },
  events: [
    'entrapment',
    'alarm-button',
    'door-open-moving',
    'unintended-movement',
    'overshoot',
    'pit',
    'overspeed',
    'stopped-off-level',
    'safety-circuit',
    'blocked-restart',
    'main-power-off',
    'door-close-fault',
    'door-open-fault',
    'position-lost',
    'run-timeout',
    'other-fault',
  ],
  schemes: ELEVATOR_SCHEMES,
  // Readings come each second while it moves; its status counts as due each 5 s then, and each 30 s while it stands.
  expectedIntervalMs: (values) => (isMoving(values) ? 5 : 30) * SECOND_MS,
  rules,
}

/** The speed decides where it is known, otherwise the direction shown. */
function isMoving(values: Readonly<Record<string, unknown>>): boolean {
  const speed = values['speed_mps']
  if (typeof speed === 'number') return speed > 0.05
  return values['direction'] === 'up' || values['direction'] === 'down'
}
