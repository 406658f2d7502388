/** Fence, cameras and bays: what raises and ends each of their alarms. */
import { expect } from 'vitest'
import { after, cam, zone, type Case } from './case.ts'
import type { Bench } from './harness.ts'

function fence(state: string, priority: 1 | 2 | 3, latches = false): Case[] {
  const raisedBy = [
    { title: 'by telemetry', raise: (b: Bench) => b.telemetry(zone, { state, armed: true, voltage_kv: 6.4, chainage_m: 137 }) },
    { title: 'by an event', raise: (b: Bench) => b.event(zone, { code: state, active: true, chainage_m: 137 }) },
  ]
  const endedBy = (b: Bench) => {
    b.seconds(1)
    b.telemetry(zone, { state: 'normal', armed: true, voltage_kv: 6.4 })
  }
  return raisedBy.map((by) => ({ kind: 'fence-zone', code: state, priority, latches, end: endedBy, detail: { chainage_m: 137 }, ...by }))
}

function camera(code: string, bad: object, good: object, priority: 2 | 3 = 3): Case[] {
  return [
    {
      kind: 'camera',
      code,
      title: 'by telemetry',
      priority,
      raise: (b) => b.telemetry(cam, bad),
      end: after(1, (b) => b.telemetry(cam, good)),
    },
    {
      kind: 'camera',
      code,
      title: 'by an event',
      priority,
      raise: (b) => b.event(cam, { code, active: true }),
      end: after(1, (b) => b.event(cam, { code, active: false })),
    },
  ]
}

export const siteCases: Case[] = [
  ...fence('cut', 1, true),
  ...fence('climb', 1, true),
  ...fence('short', 1, true),
  ...fence('tamper', 1, true),
  ...fence('touch', 2),
  ...fence('power-off', 2),
  ...fence('low-voltage', 3),
  {
    kind: 'fence-zone',
    code: 'low-voltage',
    title: 'by the voltage',
    priority: 3,
    raise: (b) => b.telemetry(zone, { state: 'normal', voltage_kv: 5.2 }),
    end: after(1, (b) => b.telemetry(zone, { state: 'normal', voltage_kv: 5.9 })),
    detail: { voltage_kv: 5.2, limit: 5.5 },
  },
  ...camera('video-lost', { video: 'lost' }, { video: 'ok' }),
  ...camera('covered', { video: 'covered' }, { video: 'ok' }, 2),
  ...camera('blurred', { video: 'blurred' }, { video: 'ok' }),
  ...camera('frozen', { video: 'frozen' }, { video: 'ok' }),
  ...camera('not-recording', { recording: false }, { recording: true }),
  ...camera('storage-full', { storage_used_percent: 91 }, { storage_used_percent: 87 }),
  ...camera('clock-off', { clock_offset_ms: -5200 }, { clock_offset_ms: 100 }),
  ...camera('too-hot', { temperature_celsius: 66 }, { temperature_celsius: 61 }),
  ...(['fire-lane-occupied', 'green-occupied'] as const).flatMap((code): Case[] => {
    const bay = code === 'fire-lane-occupied' ? 'parking-bay/bay-fire' : 'parking-bay/bay-green'
    const end = after(1, (b) => b.telemetry(bay, { status: 'free' }))
    return [
      {
        kind: 'parking-bay',
        code,
        title: 'after five minutes',
        priority: 2,
        before: (b) => {
          b.telemetry(bay, { status: 'occupied' })
          b.seconds(299)
          expect(b.open()).toEqual([])
        },
        raise: (b) => b.seconds(1),
        end,
      },
      { kind: 'parking-bay', code, title: 'at once by an event', priority: 2, raise: (b) => b.event(bay, { code, active: true }), end },
    ]
  }),
  {
    kind: 'parking-bay',
    code: 'battery-low',
    priority: 3,
    raise: (b) => b.telemetry('parking-bay/bay-1', { battery_percent: 9 }),
    end: after(1, (b) => b.telemetry('parking-bay/bay-1', { battery_percent: 100 })),
    detail: { battery_percent: 9, limit: 10 },
  },
  {
    kind: 'parking-bay',
    code: 'sensor-stuck',
    priority: 3,
    before: (b) => {
      for (let hour = 336; hour > 0; hour -= 6) b.telemetry('parking-bay/bay-1', { status: 'occupied' }, { ts: b.now() - hour * 3_600_000 })
      expect(b.open()).toEqual([])
    },
    raise: (b) => b.telemetry('parking-bay/bay-1', { status: 'occupied' }),
    end: after(1, (b) => b.telemetry('parking-bay/bay-1', { status: 'free' })),
  },
  {
    kind: 'parking-bay',
    code: 'sensor-flickers',
    priority: 3,
    before: (b) => {
      for (let i = 0; i < 9; i++) {
        b.telemetry('parking-bay/bay-1', { status: i % 2 === 0 ? 'free' : 'occupied' })
        b.seconds(20)
      }
      b.telemetry('parking-bay/bay-1', { status: 'free' })
      expect(b.open()).toEqual([])
    },
    raise: after(20, (b) => b.telemetry('parking-bay/bay-1', { status: 'occupied' })),
    end: (b) => b.seconds(600),
  },
]
