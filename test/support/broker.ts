/** Starts a broker on free ports with a data folder of its own, gives it credentials, and connects clients to it. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { startBrokerLink } from '../../broker/journal/link.ts'
import { startJournalReader } from '../../broker/journal/reader.ts'
import { startBroker, type Broker, type BrokerOptions } from '../../broker/role.ts'
import { readConfig, type Config } from '../../config.ts'
import { credentialUsername, type Credential, type CredentialOwner } from '../../domain/credential.ts'
import type { BrokerLink, JournalEntry, JournalReader } from '../../domain/journal.ts'
import type { Log } from '../../log.ts'
import { makeTempDir } from './temp-dir.ts'

export interface TestCredential extends Credential {
  readonly password: string
}

export interface TestBroker {
  readonly dataDir: string
  readonly config: Config
  readonly broker: Broker
  readonly journal: JournalReader
  readonly link: BrokerLink
  /** Replaces all credentials. */
  setCredentials(credentials: readonly Credential[]): Promise<void>
  /** Connects and waits for the CONNACK; rejects with its error. Ended by `close()`. */
  connect(credential: Pick<TestCredential, 'username' | 'password'>, options?: IClientOptions): Promise<MqttClient>
  /** Everything that is in the journal at this moment, oldest first. */
  entries(): readonly JournalEntry[]
  /** Closes the broker and starts it again on the same data (other ports); clients are ended. */
  restart(): Promise<void>
  close(): Promise<void>
}

export const silentLog: Log = pino({ level: 'silent' })

/** A credential with a password of its own; `ext` gets everything below its estate unless told otherwise. */
export function makeCredential(owner: CredentialOwner, rights: Partial<Pick<Credential, 'publish' | 'subscribe'>> = {}): TestCredential {
  const password = randomBytes(32).toString('base64url')
  const isExt = owner.type === 'ext'
  return {
    username: credentialUsername(owner),
    password,
    passwordSha256: createHash('sha256').update(password).digest('hex'),
    owner,
    publish: rights.publish ?? (isExt ? [`estates/${owner.estate}/ext/#`] : []),
    subscribe: rights.subscribe ?? (isExt ? [`estates/${owner.estate}/#`] : []),
  }
}

export function withoutPassword({ username, passwordSha256, owner, publish, subscribe }: Credential): Credential {
  return { username, passwordSha256, owner, publish, subscribe }
}

export async function startTestBroker(
  options: {
    readonly env?: Readonly<Record<string, string>>
    readonly credentials?: readonly Credential[]
    /** The data folder is so far below the temporary one. */
    readonly subfolder?: string
    /** In place of a temporary one. */
    readonly folder?: string
  } & BrokerOptions = {},
): Promise<TestBroker> {
  const { env, credentials, subfolder = '', folder, ...brokerOptions } = options
  const temp = folder === undefined ? makeTempDir() : { path: folder, remove: () => undefined }
  const dataDir = join(temp.path, subfolder)
  mkdirSync(dataDir, { recursive: true })
  const config = readConfig({ MQTT_PORT: '0', HTTP_PORT: '0', LOG_LEVEL: 'silent', ...env, DATA_DIR: dataDir })
  let broker = await startBroker(config, silentLog, brokerOptions)
  const journal = startJournalReader({ dataDir: dataDir, pollMs: 20 })
  const link = startBrokerLink({ dataDir: dataDir })
  const clients = new Set<MqttClient>()

  const setCredentials = async (list: readonly Credential[]) => {
    await link.request('credentials', { revision: Date.now(), credentials: list.map(withoutPassword) })
  }
  const endClients = async () => {
    await Promise.all([...clients].map((client) => client.endAsync(true)))
    clients.clear()
  }
  if (credentials) await setCredentials(credentials)
  return {
    dataDir,
    config,
    get broker() {
      return broker
    },
    journal,
    link,
    setCredentials,
    connect: (credential, clientOptions) => {
      const client = connect(`mqtt://127.0.0.1:${broker.mqttPort}`, {
        username: credential.username,
        password: credential.password,
        reconnectPeriod: 0,
        protocolVersion: 4,
        ...clientOptions,
      })
      clients.add(client)
      return connected(client)
    },
    entries: () => readJournal(dataDir),
    restart: async () => {
      await endClients()
      await broker.close()
      broker = await startBroker(config, silentLog, brokerOptions)
    },
    close: async () => {
      await endClients()
      await link.close()
      await journal.close()
      await broker.close()
      temp.remove()
    },
  }
}

export function readJournal(dataDir: string): readonly JournalEntry[] {
  const journal = startJournalReader({ dataDir })
  const all: JournalEntry[] = []
  for (let slice = journal.read(0, 2_000); slice.length > 0; slice = journal.read(all.at(-1)!.seq, 2_000)) all.push(...slice)
  void journal.close()
  return all
}

/** Waits for the CONNACK; the client is ended when it is refused. */
export function connected(client: MqttClient): Promise<MqttClient> {
  return new Promise((resolve, reject) => {
    const fail = (error?: Error) => {
      client.end(true)
      reject(error ?? new Error('closed before CONNACK'))
    }
    client.once('error', fail)
    client.once('close', fail)
    client.once('connect', () => {
      client.off('error', fail)
      client.off('close', fail)
      client.on('error', () => undefined)
      resolve(client)
    })
  })
}
