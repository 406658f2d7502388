/** The clients of a system under fire, in a process of their own: gateways that publish distinct readings, QoS 1, and keep book of what was acknowledged. */
import { writeFileSync } from 'node:fs'
import process from 'node:process'
import mqtt, { type MqttClient } from 'mqtt'
import { deviceTopic } from '../../domain/topic.ts'
import { seedOf, startRandom } from '../../simulators/random.ts'
import { numberFor, type FromLoad, type LoadDevice, type LoadWork, type ToLoad } from './ledger.ts'
import { nextTrouble } from './trouble.ts'

const STEP_MS = 20
/** More on the way than this and the load waits: a box has little memory. */
const MOST_WAITING = 10_000
/** Of the messages, so many in a thousand say that something is wrong or right again. */
const TROUBLE_PER_MILLE = 3

const say = (message: FromLoad) => void process.send?.(message)
process.on('disconnect', () => process.exit(1))
const work = await new Promise<LoadWork>((resolve) =>
  process.once('message', (message: ToLoad) => message.type === 'work' && resolve(message.work)),
)

const devices: LoadDevice[] = []
const clientOf: MqttClient[] = []
const clients = work.gateways.map(({ login, devices: behind }) => {
  const client = mqtt.connect(`mqtt://127.0.0.1:${work.mqttPort}`, {
    ...login,
    clientId: login.username,
    clean: true,
    keepalive: 30,
    reconnectPeriod: 200,
    reconnectOnConnackError: true,
    connectTimeout: 5000,
  })
  client.on('error', () => undefined) // it connects again
  for (const device of behind) {
    devices.push(device)
    clientOf.push(client)
  }
  return client
})
const byKind = (kind: LoadDevice['kind']) => devices.flatMap((device, i) => (device.kind === kind ? [i] : []))
const numbered = [...byKind('camera'), ...byKind('elevator')]
const troubled = [...byKind('fence-zone'), ...byKind('elevator'), ...byKind('camera').slice(0, 20)]

const random = startRandom(seedOf(work.seed, 'load'))
const ledger = { device: [] as number[], ts: [] as number[], event: [] as (0 | 1)[], acknowledged: [] as (0 | 1)[] }
const lastTs = devices.map(() => 0)
let acknowledged = 0
let givenUp = 0
let stopped = false

function publish(): void {
  const n = ledger.device.length
  const isTrouble = random() * 1000 < TROUBLE_PER_MILLE
  const list = isTrouble ? troubled : numbered
  const index = list[Math.floor(random() * list.length)]!
  const { estate, kind, id } = devices[index]!
  const ts = Math.max(Date.now(), lastTs[index]! + 1)
  lastTs[index] = ts
  const said = isTrouble ? nextTrouble(devices[index]!, random) : ({ channel: 'telemetry', payload: calm(kind) } as const)
  const number = numberFor(kind, n)
  const field = kind === 'camera' ? { bitrate_kbps: number } : kind === 'elevator' ? { run_count: number } : {}
  const payload = { ts, ...(said.channel === 'telemetry' && field), ...said.payload }
  ledger.device.push(index)
  ledger.ts.push(ts)
  ledger.event.push(said.channel === 'event' ? 1 : 0)
  ledger.acknowledged.push(0)
  const topic = deviceTopic({ estate, kind, device: id, channel: said.channel })
  clientOf[index]!.publish(topic, JSON.stringify(payload), { qos: 1 }, (error) => {
    // mqtt.js gives up what was published while it resends, when the connection breaks again: never acknowledged
    if (error) {
      givenUp++
      return
    }
    ledger.acknowledged[n] = 1
    acknowledged++
  })
}

function calm(kind: LoadDevice['kind']): Readonly<Record<string, unknown>> {
  if (kind === 'camera') return { fps: 25, storage_used_percent: 40 }
  return { mode: 'normal', floor: 3, direction: 'none', speed_mps: 0, door: 'closed', in_door_zone: true, passenger: false }
}

function finish(): void {
  if (acknowledged + givenUp < ledger.device.length) return
  clearInterval(finishing)
  writeFileSync(work.file, JSON.stringify({ devices, ...ledger }))
  void Promise.all(clients.map((client) => client.endAsync())).then(() => {
    say({ type: 'done' })
    process.disconnect()
  })
}

let finishing: NodeJS.Timeout | undefined
await Promise.all(clients.map((client) => new Promise<void>((resolve) => client.once('connect', () => resolve()))))
say({ type: 'ready' })
const startedAt = performance.now()
let due = 0
let skipped = 0
const pace = setInterval(() => {
  if (stopped) return
  const upTo = Math.floor(((performance.now() - startedAt) / 1000) * work.rate) - skipped
  for (; due < upTo; due++) {
    if (ledger.device.length - acknowledged - givenUp >= MOST_WAITING) {
      skipped += upTo - due
      return
    }
    publish()
  }
}, STEP_MS)
setInterval(() => say({ type: 'figures', sent: ledger.device.length, acknowledged }), 250).unref()
process.on('message', (message: ToLoad) => {
  if (message.type !== 'stop') return
  stopped = true
  clearInterval(pace)
  finishing = setInterval(finish, 50)
})
