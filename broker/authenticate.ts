/** Who is let in: aedes' `preConnect` and `authenticate`. */
import { randomUUID } from 'node:crypto'
import type { AedesOptions, Client } from 'aedes'
import { MINUTE_MS, type EpochMs } from '../domain/clock.ts'
import { decidePublish } from './access.ts'
import type { Connections } from './connections.ts'
import type { CredentialBook } from './credential-book.ts'
import { createWindowLimit } from './limits.ts'
import type { Refusals } from './refusals.ts'
import { sessionId } from './session-id.ts'

/** Wrong passwords for one address and user name; then that pair waits, and nobody else notices. */
export const FAILURES_PER_MINUTE = 20
const MQTT_3_1 = 3
const MQTT_3_1_ID_LENGTH = 23

/** CONNACK codes (MQTT 3.1.1 §3.2.2.3). */
const IDENTIFIER_REJECTED = 2
const SERVER_UNAVAILABLE = 3
const NOT_AUTHORIZED = 5

export function createAuthentication(options: {
  readonly book: CredentialBook
  readonly connections: Connections
  readonly refusals: Refusals
  readonly now: () => EpochMs
  /** False while nothing is taken in. */
  readonly intake: () => boolean
}): Required<Pick<AedesOptions, 'preConnect' | 'authenticate'>> {
  const { book, connections, refusals, now } = options
  const failures = createWindowLimit({ limit: FAILURES_PER_MINUTE, windowMs: MINUTE_MS })
  const badIds = new WeakSet<Client>()
  const wills = new WeakMap<Client, string>()
  const certifiedOf = (client: Client) => connections.originOf(client).certified ?? []
  // A certificate that names credentials serves for those alone, and stands for their password.
  const credentialOf = (client: Client, username: string | undefined, password: Uint8Array | undefined) => {
    const certified = certifiedOf(client)
    if (username === undefined || (certified.length > 0 && !certified.includes(username))) return undefined
    if (password === undefined) return certified.length > 0 ? book.find(username) : undefined
    return book.check(username, password)
  }
  const pairOf = (client: Client, username: string) => `${connections.originOf(client).address} ${username}`

  return {
    preConnect: (client, packet, callback) => {
      const [certified, ...more] = certifiedOf(client)
      // Without a password: MQTT 3.1.1 §3.1.2.9 has none without a user name.
      if (packet.username === undefined && packet.password === undefined && certified !== undefined && more.length === 0)
        packet.username = certified
      const username = packet.username ?? ''
      if (failures.isOver(pairOf(client, username), now())) {
        refusals.count(username, 'too-many-failures', 'More than 20 wrong passwords in a minute from this address; it waits.')
        callback(new Error('too many wrong passwords'), false) // anything but an error would leave the socket open
        return
      }
      const is31 = packet.protocolVersion === MQTT_3_1
      if ((packet.clientId === '' && (is31 || !packet.clean)) || (is31 && packet.clientId.length > MQTT_3_1_ID_LENGTH)) badIds.add(client)
      if (packet.will) wills.set(client, packet.will.topic)
      packet.clientId = sessionId(username, packet.clientId || `auto-${randomUUID()}`)
      callback(null, true)
    },
    authenticate: (client, username, password, callback) => {
      const refuse = (returnCode: number, ...[what, detail]: Tail<Parameters<Refusals['count']>>) => {
        refusals.count(username ?? '', what, detail)
        callback(Object.assign(new Error(detail), { returnCode }), false)
      }
      if (badIds.has(client)) {
        refuse(IDENTIFIER_REJECTED, 'bad-client-id', 'An empty client id needs clean session; MQTT 3.1 wants 1 to 23 characters.')
        return
      }
      if (book.isEmpty()) {
        refuse(SERVER_UNAVAILABLE, 'no-credentials-yet', 'The dashboard server has not yet said which credentials there are.')
        return
      }
      if (!options.intake()) {
        refuse(SERVER_UNAVAILABLE, 'disk-full', 'The disk is full; nothing is taken in.')
        return
      }
      const credential = credentialOf(client, username, password)
      if (!credential) {
        failures.count(pairOf(client, username ?? ''), now())
        refuse(NOT_AUTHORIZED, 'wrong-credentials', 'User name or password is wrong, or the certificate is not its own.')
        return
      }
      const will = wills.get(client)
      const decision = will === undefined ? undefined : decidePublish(credential, will)
      if (decision && !decision.allowed) {
        refuse(NOT_AUTHORIZED, 'will', `The will's topic is outside its rights. ${decision.detail}`)
        return
      }
      connections.admit(client, credential, now())
      callback(null, true)
    },
  }
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never
