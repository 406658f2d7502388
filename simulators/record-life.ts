/** What a broker's journal would hold if an estate lived through a scenario: a recording that `npm run replay` takes, made without a broker and as fast as it goes. */
import { toExportLine } from '../broker/journal/export-line.ts'
import type { EpochMs } from '../domain/clock.ts'
import { credentialUsername, parseCredentialUsername } from '../domain/credential.ts'
import type { Estate } from '../domain/estate.ts'
import { SYSTEM_CLIENT, SYSTEM_TOPICS, type Presence } from '../domain/system.ts'
import { deviceTopic } from '../domain/topic.ts'
import { startEstateLife, type DeviceMessage } from './estate-life.ts'
import type { Simulations } from './load-simulations.ts'
import { planScenario } from './plan-scenario.ts'
import type { Scenario } from './scenario.ts'

export interface LifeToTell {
  readonly estate: Estate
  readonly simulations: Simulations
  readonly seed: number
  readonly startAt: EpochMs
  readonly lifeOffsetMs: number
  readonly scenario: Scenario | undefined
  readonly lengthMs: number
}

/** A line of the journal before it has a number. */
interface Told {
  readonly at: EpochMs
  readonly client: string
  readonly topic: string
  readonly payload: string
}

/** Lived in slices, so that a long life is told while it is lived. */
const SLICE_MS = 10_000

export function* recordLife(options: LifeToTell): Generator<string> {
  let seq = 1
  for (const { at, client, topic, payload } of tell(options))
    yield toExportLine({ seq: seq++, receivedAt: at, client, topic, payload: Buffer.from(payload) })
}

function* tell(options: LifeToTell): Generator<Told> {
  const { estate, scenario, startAt, lengthMs } = options
  const life = startEstateLife(options)
  const away = new Map<string, DeviceMessage[]>()
  const say = (message: DeviceMessage, at = message.at): Told[] => {
    const waiting = away.get(message.connection)
    waiting?.push(message)
    return waiting ? [] : [{ at, client: clientOf(estate, message.connection), topic: message.topic, payload: message.payload }]
  }
  const connect = (connection: string): Told[] => {
    const waited = away.get(connection) ?? []
    away.delete(connection)
    const client = clientOf(estate, connection)
    const at = life.now()
    return [
      presence(client, 'connected', at),
      availability(estate, connection, { client, at, payload: 'online' }),
      ...life.present(connection).flatMap((message) => say(message, at)),
      ...waited.flatMap((message) => say(message, at)),
    ]
  }
  const lose = (connection: string): Told[] => {
    away.set(connection, [])
    const client = clientOf(estate, connection)
    const at = life.now()
    return [availability(estate, connection, { client, at, payload: 'offline' }), presence(client, 'gone', at)]
  }
  const liveUntil = function* (to: EpochMs): Generator<Told> {
    while (life.now() < to) for (const message of life.advance(Math.min(to, life.now() + SLICE_MS))) yield* say(message)
  }

  for (const connection of life.connections) yield* connect(connection)
  for (const { afterMs, device, name, options: inputOptions } of scenario ? planScenario(scenario, options) : []) {
    if (afterMs > lengthMs) break
    yield* liveUntil(startAt + afterMs)
    if (device.kind === 'gateway' && name === 'lost') yield* lose(device.id)
    else if (device.kind === 'gateway' && name === 'back') yield* connect(device.id)
    else for (const message of life.input(device, name, inputOptions)) yield* say(message)
  }
  yield* liveUntil(startAt + lengthMs)
}

function clientOf(estate: Estate, connection: string): string {
  const [kind, device] = connection.split('/')
  return device === undefined
    ? credentialUsername({ type: 'gateway', estate: estate.id, gateway: connection })
    : credentialUsername({ type: 'device', estate: estate.id, kind: kind!, device })
}

function presence(username: string, what: Presence['what'], at: EpochMs): Told {
  const body: Presence = { v: 1, username, what, connections: what === 'connected' ? 1 : 0, clientId: username, address: '127.0.0.1' }
  return { at, client: SYSTEM_CLIENT, topic: SYSTEM_TOPICS.presence, payload: JSON.stringify(body) }
}

function availability(estate: Estate, connection: string, said: Pick<Told, 'at' | 'client' | 'payload'>): Told {
  const owner = parseCredentialUsername(said.client)
  const [kind, device] = owner?.type === 'device' ? [owner.kind, owner.device] : ['gateway', connection]
  return { ...said, topic: deviceTopic({ estate: estate.id, kind, device, channel: 'availability' }) }
}
