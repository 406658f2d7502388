import { expect, test } from 'vitest'
import { DEFAULT_RULES } from '../../devices/default-rules.ts'
import { startBench, type Bench } from './harness.ts'

/** One row for each alarm code: what raises it, with which priority, and what ends it. */
interface Case {
  readonly code: string
  readonly title?: string
  readonly before?: (bench: Bench) => void
  readonly raise: (bench: Bench) => void
  readonly priority: 1 | 2 | 3
  readonly latches?: boolean
  readonly end: (bench: Bench) => void
  readonly kind: string
  readonly detail?: Record<string, unknown>
}

const zone = 'fence-zone/zone-2'
const cam = 'camera/cam-3'
const lift = 'elevator/lift-1'
const standing = {
  mode: 'normal',
  floor: 3,
  direction: 'none',
  speed_mps: 0,
  door: 'closed',
  in_door_zone: true,
  passenger: false,
  power: 'mains',
}

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
      end: (b) => (b.seconds(1), b.telemetry(cam, good)),
    },
    {
      kind: 'camera',
      code,
      title: 'by an event',
      priority,
      raise: (b) => b.event(cam, { code, active: true }),
      end: (b) => (b.seconds(1), b.event(cam, { code, active: false })),
    },
  ]
}

function fault(code: string, wire: number, scheme: string, priority: 1 | 2 | 3, latches = false): Case {
  return {
    kind: 'elevator',
    code,
    title: `${scheme} ${wire}`,
    priority,
    latches,
    detail: { scheme, code: String(wire) },
    before: (b) => b.telemetry(lift, standing),
    raise: (b) => b.event(lift, { scheme, code: wire, active: true }),
    end: (b) => (b.seconds(1), b.event(lift, { scheme, code: wire, active: false })),
  }
}

const silence: Case[] = [
  { device: zone, kind: 'fence-zone', seconds: 20, fields: { armed: true, state: 'normal' }, priority: 2 },
  { device: zone, kind: 'fence-zone', seconds: 20, fields: { armed: false, state: 'normal' }, priority: 3 },
  { device: cam, kind: 'camera', seconds: 60, fields: { video: 'ok' }, priority: 3 },
  { device: lift, kind: 'elevator', seconds: 60, fields: standing, priority: 3 },
  { device: lift, kind: 'elevator', seconds: 10, fields: { ...standing, direction: 'up', speed_mps: 1, passenger: true }, priority: 2 },
  { device: 'parking-bay/bay-1', kind: 'parking-bay', seconds: 12 * 3600, fields: { status: 'free' }, priority: 3 },
  { device: 'gateway/gw-1', kind: 'gateway', seconds: 60, fields: { queued: 0 }, priority: 3 },
].flatMap(({ device, kind, seconds, fields, priority }): Case[] => [
  {
    kind,
    code: 'silent',
    title: `${JSON.stringify(fields)} for ${seconds} s`,
    priority: priority as 2 | 3,
    before: (b) => {
      b.telemetry(device, fields)
      b.seconds(seconds - 1)
      expect(b.open()).toEqual([])
    },
    raise: (b) => b.seconds(1),
    end: (b) => b.telemetry(device, fields),
  },
  {
    kind,
    code: 'offline',
    title: JSON.stringify(fields),
    priority: priority as 2 | 3,
    before: (b) => b.telemetry(device, fields),
    raise: (b) => {
      b.availability(device, 'offline')
      if (kind === 'gateway') b.seconds(5)
    },
    end: (b) => b.availability(device, 'online'),
  },
  {
    kind,
    code: 'clock-fault',
    title: JSON.stringify(fields),
    priority: 3,
    raise: (b) => b.telemetry(device, fields, { ts: b.now() + 11_000 }),
    end: (b) => (b.seconds(1), b.telemetry(device, fields)),
  },
])

function system(code: string, priority: 2 | 3): Case {
  return {
    kind: 'system',
    code,
    priority,
    raise: (b) => b.append('system/fault', { v: 1, code, active: true, detail: 'why' }),
    end: (b) => b.append('system/fault', { v: 1, code, active: false, detail: '' }),
    detail: { detail: 'why' },
  }
}

const cases: Case[] = [
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
    end: (b) => (b.seconds(1), b.telemetry(zone, { state: 'normal', voltage_kv: 5.9 })),
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
    const end = (b: Bench) => (b.seconds(1), b.telemetry(bay, { status: 'free' }))
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
    end: (b) => (b.seconds(1), b.telemetry('parking-bay/bay-1', { battery_percent: 100 })),
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
    end: (b) => (b.seconds(1), b.telemetry('parking-bay/bay-1', { status: 'free' })),
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
    raise: (b) => (b.seconds(20), b.telemetry('parking-bay/bay-1', { status: 'occupied' })),
    end: (b) => b.seconds(600),
  },
  fault('entrapment', 93, 'chongqing', 1, true),
  fault('entrapment', 1, 'retrofit-box', 1, true),
  fault('entrapment', 2, 'retrofit-box', 1, true),
  fault('alarm-button', 90, 'gbt24476-2017', 1, true),
  fault('alarm-button', 15, 'city-b', 1, true),
  fault('door-open-moving', 12, 'city-b', 1),
  fault('unintended-movement', 5, 'gbt24476-2017', 1),
  fault('overshoot', 92, 'chongqing', 1),
  fault('pit', 91, 'chongqing', 1),
  fault('overspeed', 11, 'city-b', 1),
  fault('stopped-off-level', 4, 'gbt24476-2017', 2),
  fault('safety-circuit', 1, 'gbt24476-2017', 2),
  fault('blocked-restart', 8, 'gbt24476-2017', 2),
  fault('main-power-off', 41, 'gbt24476-2017', 2),
  fault('door-close-fault', 2, 'gbt24476-2017', 3),
  fault('door-open-fault', 3, 'gbt24476-2017', 3),
  fault('position-lost', 7, 'gbt24476-2017', 3),
  fault('run-timeout', 6, 'gbt24476-2017', 3),
  fault('other-fault', 77, 'gbt24476-2017', 3),
  {
    kind: 'elevator',
    code: 'door-open-moving',
    title: 'by telemetry',
    priority: 1,
    raise: (b) => b.telemetry(lift, { ...standing, door: 'open', in_door_zone: false, direction: 'up', speed_mps: 0.6 }),
    end: (b) => (b.seconds(1), b.telemetry(lift, standing)),
  },
  {
    kind: 'elevator',
    code: 'overspeed',
    title: 'by telemetry',
    priority: 1,
    raise: (b) => b.telemetry(lift, { ...standing, direction: 'down', speed_mps: 3.2 }),
    end: (b) => (b.seconds(1), b.telemetry(lift, standing)),
    detail: { speed_mps: 3.2, limit: 2.9, floor: 3 },
  },
  {
    kind: 'elevator',
    code: 'main-power-off',
    title: 'by telemetry, with a passenger',
    priority: 1,
    raise: (b) => b.telemetry(lift, { ...standing, power: 'battery', passenger: true }),
    end: (b) => (b.seconds(1), b.telemetry(lift, standing)),
  },
  {
    kind: 'elevator',
    code: 'stopped-off-level',
    title: 'by telemetry after ten seconds',
    priority: 2,
    before: (b) => b.telemetry(lift, { ...standing, in_door_zone: false }),
    raise: (b) => b.seconds(10),
    end: (b) => b.telemetry(lift, standing),
  },
  {
    kind: 'elevator',
    code: 'stopped-off-level',
    title: 'with a passenger',
    priority: 1,
    before: (b) => b.telemetry(lift, { ...standing, in_door_zone: false, passenger: true }),
    raise: (b) => b.seconds(10),
    end: (b) => b.telemetry(lift, standing),
  },
  ...silence,
  {
    kind: 'gateway',
    code: 'gateway-down',
    priority: 2,
    before: (b) => b.presence('connected'),
    raise: (b) => b.presence('gone'),
    end: (b) => b.presence('connected'),
  },
  {
    kind: 'gateway',
    code: 'gateway-misconfigured',
    priority: 2,
    raise: (b) => {
      const refused = {
        v: 1,
        username: 'gw.test-estate.gw-1',
        topic: 'estates/other/camera/x/telemetry',
        payloadBase64: '',
        detail: 'not yours',
      }
      b.append('system/refused', refused)
      b.append('system/refused', refused)
    },
    end: (b) => b.seconds(600),
    detail: { topic: 'estates/other/camera/x/telemetry' },
  },
  {
    kind: 'gateway',
    code: 'credential-shared',
    title: 'by two connections at a time',
    priority: 2,
    before: (b) => b.presence('connected'),
    raise: (b) => b.presence('connected', { clientId: 'other', connections: 2 }),
    end: (b) => (b.presence('gone', { clientId: 'other', connections: 1 }), b.seconds(61)),
  },
  {
    kind: 'gateway',
    code: 'credential-shared',
    title: 'by three take-overs in a minute',
    priority: 2,
    before: (b) => {
      b.presence('connected')
      for (let i = 0; i < 2; i++) b.presence('connected', { takeOver: true })
      expect(b.open()).toEqual([])
    },
    raise: (b) => b.presence('connected', { takeOver: true }),
    end: (b) => b.seconds(61),
  },
  system('disk-low', 2),
  system('store-down', 3),
  system('journal-gap', 3),
  system('internal-error', 3),
]

test.each(cases.map((row) => [`${row.kind} ${row.code} ${row.title ?? ''}`, row] as const))('%s is raised and ends', (_name, row) => {
  const bench = startBench()
  row.before?.(bench)
  expect(bench.open()).toEqual([])
  row.raise(bench)
  expect(bench.open()).toEqual([`${row.code} unacknowledged`])
  const alarm = bench.alarm(row.code)
  expect(alarm).toMatchObject({ kind: row.kind, priority: row.priority, transition: 1, late: false, detail: row.detail ?? {} })
  expect(bench.act(alarm.id, 'acknowledge').alarm).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'guard-a', transition: 2 })
  row.end(bench)
  if (row.latches) {
    expect(bench.open()).toEqual([`${row.code} latched`])
    bench.act(alarm.id, 'reset')
  }
  expect(bench.open()).toEqual([])
  expect(bench.alarm(row.code)).toMatchObject({ id: alarm.id, state: 'closed', transition: row.latches ? 4 : 3 })
  expect(bench.faults).toEqual([])
})

test('every default rule is raised by a row of the table', () => {
  const tested = new Set(cases.map(({ kind, code }) => `${kind}.${code}`))
  expect(DEFAULT_RULES.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([])
})
