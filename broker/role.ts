/** The broker: takes messages in from devices, acknowledges what the journal has on disk, and passes it on. Wired here in the order a message travels. */
import { Aedes } from 'aedes'
import type { Config } from '../config.ts'
import type { Alarm } from '../domain/alarm.ts'
import { HOUR_MS, MINUTE_MS, DAY_MS } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import { SYSTEM_CLIENT, SYSTEM_TOPICS } from '../domain/system.ts'
import type { Log } from '../log.ts'
import { startStatusWriter } from '../storage/role-status.ts'
import { alarmTopic, maySubscribe } from './access.ts'
import { createAuthentication } from './authenticate.ts'
import { openBrokerDb } from './broker-db.ts'
import { createConnections } from './connections.ts'
import { openConsumers } from './consumers.ts'
import { openCredentialBook } from './credential-book.ts'
import { createDelivery } from './deliver.ts'
import { startDisk, TRIM_MIB, type DiskStage } from './disk.ts'
import { startDoor } from './door.ts'
import { DurableMemory } from './durable-memory.ts'
import { createIntake, HOLD_MS } from './intake.ts'
import { journalFolder } from './journal/segments.ts'
import { startJournalWriter } from './journal/writer.ts'
import { startListeners, type ListenerLimits } from './listeners.ts'
import { QUEUE_MS } from './outgoing-queue.ts'
import { createPresence } from './presence.ts'
import { isProtocolError } from './protocol-error.ts'
import { createPublishing } from './publish.ts'
import { startRefusals } from './refusals.ts'
import { createRequests } from './requests.ts'
import { createRetainedOwners } from './retained-owners.ts'
import { startRetention } from './retention.ts'
import { startTicks } from './ticks.ts'

export interface BrokerOptions {
  readonly segmentBytes?: number
  readonly limits?: ListenerLimits
  /** In place of the file system's answer. */
  readonly freeMib?: () => number
  readonly holdMs?: number
  readonly retentionEveryMs?: number
  /** The oldest telemetry goes first: so long the journal waits with its own. */
  readonly trimAfterMs?: number
  readonly tlsLookMs?: number
}

export interface Broker {
  readonly mqttPort: number
  readonly mqttTlsPort?: number
  readonly mqttWsPort?: number
  close(): Promise<void>
}

const LIMITS: ListenerLimits = { connections: 20_000, strangersPerAddress: 5_000 }

/** @throws AppError `already-running` when another broker holds the data folder. */
export async function startBroker(config: Config, log: Log, options: BrokerOptions = {}): Promise<Broker> {
  const { dataDir } = config
  const now = Date.now
  const status = startStatusWriter({ dataDir, role: 'broker' })
  const journal = await startJournalWriter({
    dataDir,
    ...(options.segmentBytes === undefined ? {} : { segmentBytes: options.segmentBytes }),
    segmentMs: Math.min(DAY_MS, Math.max(MINUTE_MS, (config.journalDays * DAY_MS) / 8)),
    onFatal: (error) => {
      log.fatal({ err: error }, 'the journal has stopped')
      process.exit(1)
    },
  })
  const db = openBrokerDb(dataDir)
  const book = openCredentialBook(db)
  const connections = createConnections()
  const refusals = startRefusals({ log, now })
  const owners = createRetainedOwners()
  const consumers = openConsumers(db)
  const appendSystem = (topic: string, payload: unknown) =>
    journal.append({ receivedAt: now(), client: SYSTEM_CLIENT, topic, payload: Buffer.from(JSON.stringify(payload)) })

  let lowSince: number | undefined
  const disk = startDisk({
    dataDir,
    floorMib: config.diskFloorMib,
    append: appendSystem,
    ...(options.freeMib ? { freeMib: options.freeMib } : {}),
    onStage: (stage, before) => onDiskStage(stage, before),
  })
  const holdMs = options.holdMs ?? HOLD_MS
  const onDiskStage = (stage: DiskStage, before: DiskStage) => {
    if (stage !== before || stage !== 'ok') log.warn({ stage, before, freeMib: disk.freeMib() }, 'free space of the data folder')
    status.set(stage === 'ok' || stage === 'low' ? { state: 'running' } : { state: 'degraded', waitingFor: 'room on the disk' })
    if (stage === 'full')
      setTimeout(() => {
        if (disk.stage() === 'full') void connections.end(() => true, { willReturn: true })
      }, holdMs).unref()
    else if (before === 'floor' && stage !== 'floor') void connections.end(({ owesTelemetry }) => owesTelemetry, { willReturn: true })
  }
  const takesIn = () => disk.stage() !== 'full'
  journal.onHead(() => disk.look())
  const intake = createIntake({ journal, disk, holdMs })
  const presence = createPresence({ append: appendSystem, connections, now })

  const memory = new DurableMemory({
    db,
    owners,
    now,
    maySubscribe: (username, filter) => {
      const credential = book.find(username)
      return credential !== undefined && maySubscribe(credential, filter)
    },
    isConnected: (id) => connections.all().some(({ client }) => client.id === id),
  })
  const aedes = await Aedes.createBroker({
    persistence: memory,
    connectTimeout: 5_000,
    drainTimeout: 2_000,
    queueLimit: 1_000,
    maxClientsIdLength: Number.MAX_SAFE_INTEGER, // checked before the credential's name is put before it
    ...createAuthentication({ book, connections, refusals, now, intake: takesIn }),
    ...createPublishing({ connections, intake, owners, refusals, diskStage: () => disk.stage(), now, log }),
    ...createDelivery({ connections, refusals }),
  })
  aedes.on('client', (client) => {
    listeners.letIn(client.conn)
    const connection = connections.add(client)
    if (connection) presence.connected(connection)
  })
  aedes.on('clientDisconnect', (client) => {
    const connection = connections.remove(client)
    if (connection) presence.ended(connection)
  })
  const onFault = (name: string, error: Error) => {
    if (isProtocolError(error)) refusals.count(name, 'protocol', error.message)
  }
  aedes.on('clientError', (client, error) => onFault(connections.of(client)?.credential.username ?? '', error))
  aedes.on('connectionError', (_client, error) => onFault('', error))
  ;(aedes as NodeJS.EventEmitter).on('error', (error: unknown) => log.error({ err: error }, 'aedes'))

  const listeners = await startListeners({
    config,
    aedes,
    connections,
    refusals,
    limits: options.limits ?? LIMITS,
    log,
    ...(options.tlsLookMs === undefined ? {} : { tlsLookMs: options.tlsLookMs }),
  })
  /** Resolves when it is retained, so that the engine is not told that it is before a kill can no longer undo it. */
  const publishAlarm = (alarm: Alarm) =>
    new Promise<void>((resolve) => {
      const topic = alarmTopic(alarm)
      if (topic === undefined) {
        resolve()
        return
      }
      const payload = alarm.state === 'closed' ? Buffer.alloc(0) : Buffer.from(JSON.stringify(alarm))
      aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: true, dup: false }, (error) => {
        if (error) log.error({ err: error, topic }, 'an alarm was not passed on')
        resolve()
      })
    })
  const door = await startDoor({
    dataDir,
    journal,
    log,
    append: async (topic, payload) => {
      if (!topic.startsWith('system/')) throw new AppError('bad-request', 'Only system/… is appended over the door.')
      const seq = await appendSystem(topic, payload)
      if (topic === SYSTEM_TOPICS.alarm) await publishAlarm((payload as { readonly alarm: Alarm }).alarm)
      return seq
    },
    requests: createRequests({ book, connections, memory, refusals, disk, journal, journalFolder: journalFolder(dataDir), consumers }),
  })
  const ticks = startTicks({
    append: appendSystem,
    db,
    now,
    monotonic: () => performance.now(),
    intake: takesIn,
    onTick: ({ at, intake: isOpen }) => {
      presence.tick(at, isOpen)
      lowSince = disk.freeMib() < TRIM_MIB ? (lowSince ?? at) : undefined
      status.set({
        cursor: journal.head(),
        figures: { connections: connections.all().length, free_mib: disk.freeMib(), engine: journal.engine, ...portsOf(listeners) },
      })
    },
  })
  const sweeping = setInterval(() => memory.dropOldMessages(now() - QUEUE_MS), HOUR_MS / 4)
  sweeping.unref()
  const retention = startRetention({
    folder: journalFolder(dataDir),
    log,
    ...(options.retentionEveryMs === undefined ? {} : { everyMs: options.retentionEveryMs }),
    rules: () => ({
      now: now(),
      days: config.journalDays,
      gib: config.journalGib,
      needsRoom: lowSince !== undefined && now() - lowSince > (options.trimAfterMs ?? MINUTE_MS),
      passed: consumers.passedByAll(),
    }),
  })
  onDiskStage(disk.stage(), disk.stage())
  log.info({ ...portsOf(listeners), engine: journal.engine, head: journal.head() }, 'the broker listens')

  const stop = async () => {
    clearInterval(sweeping)
    await retention.close()
    await ticks.close()
    await connections.end(() => true, { willReturn: true })
    await listeners.close()
    await new Promise<void>((resolve) => aedes.close(resolve))
    await door.close()
    await presence.settled()
    intake.close()
    disk.close()
    refusals.close()
    await journal.close()
    db.close()
    await status.close()
  }
  let stopped: Promise<void> | undefined
  return { ...portsOf(listeners), close: () => (stopped ??= stop()) }
}

function portsOf({ mqttPort, mqttTlsPort, mqttWsPort }: Omit<Broker, 'close'>): Omit<Broker, 'close'> {
  return {
    mqttPort,
    ...(mqttTlsPort === undefined ? {} : { mqttTlsPort }),
    ...(mqttWsPort === undefined ? {} : { mqttWsPort }),
  }
}
