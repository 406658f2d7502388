/** Silence of every kind, gateways, and the system itself: what raises and ends each of their alarms. */
import { expect } from 'vitest'
import { after, cam, lift, standing, zone, type Case } from './case.ts'

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
    end: after(1, (b) => b.telemetry(device, fields)),
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

export const lineCases: Case[] = [
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
    end: (b) => {
      b.presence('gone', { clientId: 'other', connections: 1 })
      b.seconds(61)
    },
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
