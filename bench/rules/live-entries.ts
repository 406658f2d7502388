/** What the devices of these estates say, in order of time, as it stands in the journal: simulated lives at the contract's intervals, a tick each second, and of every fifty messages one that is bad news. */
import { SECOND_MS } from '../../domain/clock.ts'
import type { FieldValue } from '../../domain/device-kind.ts'
import type { Estate, EstateDevice } from '../../domain/estate.ts'
import type { JournalEntry } from '../../domain/journal.ts'
import { SYSTEM_CLIENT, SYSTEM_TOPICS } from '../../domain/system.ts'
import type { DeviceSimulation, SimulatedMessage, SimulatedState } from '../../devices/simulation.ts'
import type { Simulations } from '../../simulators/load-simulations.ts'
import { seedOf, startRandom } from '../../simulators/random.ts'

/** Monday evening: people are under way. */
const BEGAN_AT = Date.UTC(2026, 10, 23, 10, 0)
const BAD_NEWS_EACH = 50

/** What is wrong for one message and gone with the next. */
const BAD_NEWS: Readonly<Record<string, Readonly<Record<string, FieldValue>>>> = {
  camera: { storage_used_percent: 97 },
  'fence-zone': { state: 'touch' },
  'parking-bay': { battery_percent: 4 },
  elevator: { power: 'battery' },
}

interface Life {
  readonly topic: string
  readonly client: string
  readonly kind: string
  readonly simulation: DeviceSimulation
  readonly random: () => number
  state: SimulatedState
}

/** @returns so many readings and the ticks between them */
export function* liveEntries(estates: readonly Estate[], simulations: Simulations, readings: number): Generator<JournalEntry> {
  const lives = estates.flatMap((estate) => estate.devices.map((device) => begin(estate, device, simulations)))
  let seq = 0
  let said = 0
  const entryOf = ({ topic, client, kind }: Life, { payload }: SimulatedMessage, channel: string): JournalEntry => {
    const bad = channel === 'telemetry' && said % BAD_NEWS_EACH === 0 ? BAD_NEWS[kind] : undefined
    const bytes = Buffer.from(JSON.stringify(bad ? { ...payload, ...bad } : payload))
    return { seq: ++seq, receivedAt: payload.ts + 40, client, topic: `${topic}/${channel}`, payload: bytes }
  }
  for (const life of lives)
    for (const message of life.simulation.present(life.state)) {
      said++
      yield entryOf(life, message, message.channel)
    }
  for (let second = 1; said < readings; second++) {
    for (const life of lives) {
      const { state, messages } = life.simulation.step(life.state, SECOND_MS, life.random)
      life.state = state
      for (const message of messages) {
        said++
        yield entryOf(life, message, message.channel)
      }
    }
    const at = BEGAN_AT + second * SECOND_MS
    const tick = Buffer.from(JSON.stringify({ v: 1, at, elapsedMs: second * SECOND_MS, intake: true }))
    yield { seq: ++seq, receivedAt: at, client: SYSTEM_CLIENT, topic: SYSTEM_TOPICS.tick, payload: tick }
  }
}

function begin(estate: Estate, device: EstateDevice, simulations: Simulations): Life {
  const simulation = simulations.get(device.kind)
  if (!simulation) throw new Error(`no simulation of ${device.kind}`)
  const random = startRandom(seedOf(7, estate.id, device.kind, device.id))
  return {
    topic: `estates/${estate.id}/${device.kind}/${device.id}`,
    client: `gw.${estate.id}.${device.gateway ?? device.id}`,
    kind: device.kind,
    simulation,
    random,
    state: simulation.begin({ device, at: BEGAN_AT, lifeOffsetMs: 0, random }),
  }
}
