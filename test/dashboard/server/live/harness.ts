/** Feeds a live state with messages that a test makes up: no journal, no broker, no timer. */
import { createLiveState, type LiveState, type LiveStateOptions } from '../../../../dashboard/server/live/live-state.ts'
import type { Estate, EstateDevice } from '../../../../domain/estate.ts'
import type { DeviceState } from '../../../../domain/live.ts'
import type { Presence, Tick } from '../../../../domain/system.ts'

export const START = 1_750_000_000_000
export const GATEWAY = 'gw.e.gw-1'

export const device = (kind: string, id: string, gateway?: string): EstateDevice => ({
  id,
  kind,
  name: id,
  ...(gateway !== undefined && { gateway }),
  site: {},
})

export const ESTATE: Estate = {
  id: 'e',
  name: '小区',
  bearingDeg: 0,
  plan: { type: 'FeatureCollection', features: [] },
  blocks: [],
  lifts: [],
  people: [],
  duties: [],
  devices: [
    device('gateway', 'gw-1'),
    device('fence-zone', 'zone-1', 'gw-1'),
    device('camera', 'cam-1', 'gw-1'),
    device('parking-bay', 'bay-1', 'gw-1'),
    device('elevator', 'lift-1'),
  ],
}

export interface LiveBench {
  readonly live: LiveState
  now(): number
  send(topic: string, payload: unknown, client?: string): void
  telemetry(device: string, fields: unknown, client?: string): void
  presence(what: Presence['what'], more?: Partial<Presence>): void
  tick(more?: Partial<Tick>): void
  /** Lets seconds pass, a tick each. */
  seconds(count: number): void
  /** The wall clock of the server jumps; no second passes and no tick tells of it yet. */
  jump(ms: number): void
  state(device: string): DeviceState
}

export function startBench(options: Partial<LiveStateOptions> = {}): LiveBench {
  const sets = new Map([[1, { revision: 1, estates: new Map([['e', ESTATE]]) }]])
  const live = createLiveState({
    rawDays: 30,
    estatesAt: (revision) => sets.get(revision) ?? { revision, estates: new Map() },
    ...options,
  })
  live.setEstates(sets.get(1)!)
  live.setCatchingUp(false)
  let seq = 0
  let now = START
  let elapsedMs = 1_000_000
  const send = (topic: string, payload: unknown, client = GATEWAY) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
    live.apply({ seq: ++seq, receivedAt: now, client, topic, payload: Buffer.from(text) })
  }
  const tick = (more: Partial<Tick> = {}) => send('system/tick', { v: 1, at: now, elapsedMs, intake: true, ...more }, 'system')
  const bench: LiveBench = {
    live,
    now: () => now,
    send,
    telemetry: (name, fields, client) => send(`estates/e/${name}/telemetry`, fields, client),
    presence: (what, more = {}) =>
      send(
        'system/presence',
        { v: 1, username: GATEWAY, what, connections: what === 'connected' ? 1 : 0, clientId: 'c', address: '', ...more },
        'system',
      ),
    tick,
    seconds: (count) => {
      for (let i = 0; i < count; i++) {
        now += 1000
        elapsedMs += 1000
        tick()
      }
    },
    jump: (ms) => {
      now += ms
    },
    state: (name) => live.devices(ESTATE).find(({ kind, id }) => `${kind}/${id}` === name)!,
  }
  tick()
  return bench
}
