/** What happens to a message that comes in: rights, then the journal, and only then its acknowledgement (aedes acknowledges after `authorizePublish`). */
import type { AedesOptions, Client, PublishPacket } from 'aedes'
import { MINUTE_MS, type EpochMs } from '../domain/clock.ts'
import { SYSTEM_CLIENT, SYSTEM_TOPICS, SYSTEM_VERSION, type Refused } from '../domain/system.ts'
import type { Log } from '../log.ts'
import { canWaitForRoom, decidePublish, MAX_PAYLOAD_BYTES } from './access.ts'
import { dropWill, refreshKeepAlive } from './aedes-internals.ts'
import type { Connection, Connections } from './connections.ts'
import type { DiskStage } from './disk.ts'
import { createGate, type Gate } from './gate.ts'
import type { Intake, Taken } from './intake.ts'
import { createWindowLimit, takeToken } from './limits.ts'
import type { Refusals } from './refusals.ts'
import { RETAINED_PER_CREDENTIAL, RETAINED_PER_GATEWAY, type RetainedOwners } from './retained-owners.ts'

/** A refused message goes here: acknowledged, seen by no subscriber (`#` does not match `$…`). */
export const REFUSED_TOPIC = '$refused'
/** Refused publishes of one credential that are kept as dead letters; all are counted. */
const REFUSED_KEPT_PER_MINUTE = 10
const REFUSED_PAYLOAD_BYTES = 1_024
/** Time for a PUBACK or PUBREC to leave before a connection is ended. */
const FAREWELL_MS = 100

/** A gateway's topics are the same again and again. */
const DECISIONS_KEPT = 1_000

export interface PublishOptions {
  readonly connections: Connections
  readonly intake: Intake
  readonly owners: RetainedOwners
  readonly refusals: Refusals
  readonly diskStage: () => DiskStage
  readonly now: () => EpochMs
  readonly log: Log
}

export function createPublishing(options: PublishOptions): Required<Pick<AedesOptions, 'authorizePublish' | 'published'>> {
  const { connections, intake, refusals, now } = options
  const gates = new WeakMap<Connection, Gate>()
  const kept = createWindowLimit({ limit: REFUSED_KEPT_PER_MINUTE, windowMs: MINUTE_MS })
  const leaving = new WeakSet<Connection>()

  const decide = ({ credential, decided }: Connection, topic: string) => {
    const known = decided.get(topic)
    if (known) return known
    if (decided.size >= DECISIONS_KEPT) decided.clear()
    const decision = decidePublish(credential, topic)
    decided.set(topic, decision)
    return decision
  }
  const gateOf = (connection: Connection) => {
    const gate =
      gates.get(connection) ??
      createGate(
        () => performance.now(),
        () => refreshKeepAlive(connection.client),
      )
    gates.set(connection, gate)
    return gate
  }
  const giveUp = (connection: Connection) => {
    refusals.count(connection.credential.username, 'disk-full', 'A message was not taken: the disk is full.')
    connection.endedByUs = true
    dropWill(connection.client)
  }
  /** Bears the credential's breach to the journal (bounded); the message itself becomes nobody's. */
  const refuse = (connection: Connection, packet: PublishPacket, detail: string, taken: Taken) => {
    const { username } = connection.credential
    const { topic } = packet
    const payload = Buffer.from(packet.payload)
    refusals.count(username, 'publish', `Publish on ${JSON.stringify(topic.slice(0, 200))} refused. ${detail}`)
    packet.topic = REFUSED_TOPIC
    packet.retain = false
    if (kept.isOver(username, now())) {
      taken()
      return
    }
    kept.count(username, now())
    const refused: Refused = {
      v: SYSTEM_VERSION,
      username,
      topic: topic.slice(0, 1_000),
      payloadBase64: payload.subarray(0, REFUSED_PAYLOAD_BYTES).toString('base64'),
      detail,
    }
    const said = Buffer.from(JSON.stringify(refused))
    intake.take({ receivedAt: now(), client: SYSTEM_CLIENT, topic: SYSTEM_TOPICS.refused, payload: said }, taken)
  }
  const decideRetain = ({ credential }: Connection, packet: PublishPacket, mayRetain: boolean) => {
    if (!packet.retain) return
    const limit = credential.owner.type === 'ext' ? RETAINED_PER_CREDENTIAL : RETAINED_PER_GATEWAY
    packet.retain = mayRetain && (packet.payload.length === 0 || options.owners.claim(packet.topic, credential.username, limit))
    if (mayRetain && !packet.retain)
      refusals.count(credential.username, 'retain', `More than ${limit} retained topics: taken, not retained.`)
  }
  const take = (connection: Connection, packet: PublishPacket, taken: Taken) => {
    const decision = decide(connection, packet.topic)
    if (!decision.allowed) {
      refuse(connection, packet, decision.detail, taken)
      return
    }
    if (options.diskStage() === 'floor' && canWaitForRoom(packet.topic)) {
      // Not acknowledged, and the connection lives: what comes behind it (a fence, a lift) still gets through.
      refusals.count(connection.credential.username, 'disk-full', 'Telemetry that can wait was not taken: little room on the disk.')
      if (packet.qos > 0) connection.owesTelemetry = true
      packet.qos = 0
      packet.topic = REFUSED_TOPIC
      packet.retain = false
      taken()
      return
    }
    decideRetain(connection, packet, decision.mayRetain)
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
    intake.take({ receivedAt: now(), client: connection.credential.username, topic: packet.topic, payload }, taken)
  }
  return {
    authorizePublish: (client, packet, callback) => {
      const connection = connections.of(client)
      if (!connection) {
        callback(new Error('a message of nobody'))
        return
      }
      if (packet.payload.length > MAX_PAYLOAD_BYTES) {
        refusals.count(connection.credential.username, 'protocol', 'A payload of more than 1 MiB.')
        callback(new Error('payload too large'))
        return
      }
      connection.messages++
      const { bucket, waitMs } = takeToken(connection.bucket, now())
      connection.bucket = bucket
      const passage = gateOf(connection).enter(performance.now() + waitMs, callback)
      take(connection, packet, (error) => {
        if (error) {
          giveUp(connection)
          options.log.debug({ err: error }, 'a message was not taken')
        }
        passage.leave(error)
      })
    },
    // Comes after a PUBACK was written, and before a PUBREC is.
    published: (packet, client: Client | null, callback) => {
      const connection = packet.topic === REFUSED_TOPIC && !connections.of(client)?.owesTelemetry ? connections.of(client) : undefined
      callback(null)
      if (!connection || leaving.has(connection)) return
      leaving.add(connection)
      setTimeout(() => connections.dismiss(connection), FAREWELL_MS).unref()
    },
  }
}
