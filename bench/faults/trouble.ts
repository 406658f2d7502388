/** What goes wrong on the invented estates while they are under fire: alarms of every shape come and go, decided by the seed. */
import type { Random } from '../../devices/simulation.ts'
import type { LoadDevice } from './ledger.ts'

export interface Said {
  readonly channel: 'telemetry' | 'event'
  readonly payload: Readonly<Record<string, unknown>>
}

const ZONE_STATES = ['normal', 'cut', 'normal', 'touch', 'low-voltage', 'normal', 'climb', 'short', 'normal', 'tamper', 'power-off']
const LIFT_CODES = [1, 3, 4, 5, 7, 90, 92]
const PICTURES = ['ok', 'lost', 'ok', 'covered', 'frozen']

/** @returns what this device says next; every trouble goes away again, sooner or later. */
export function nextTrouble(device: LoadDevice, random: Random): Said {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!
  switch (device.kind) {
    case 'fence-zone': {
      const state = pick(ZONE_STATES)
      if (random() < 0.3)
        return { channel: 'event', payload: { code: pick(['cut', 'touch', 'climb']), active: random() < 0.5, chainage_m: 12 } }
      return { channel: 'telemetry', payload: { armed: random() < 0.95, state, voltage_kv: state === 'low-voltage' ? 3 : 6.5 } }
    }
    case 'elevator':
      return { channel: 'event', payload: { scheme: 'chongqing', code: pick(LIFT_CODES), active: random() < 0.5 } }
    case 'camera':
      return {
        channel: 'telemetry',
        payload: { video: pick(PICTURES), recording: random() < 0.7, temperature_celsius: random() < 0.9 ? 30 : 80 },
      }
  }
}
