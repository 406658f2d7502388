import { statSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { connect, type IClientOptions } from 'mqtt'
import packets from 'mqtt-packet'
import { afterEach, expect, test } from 'vitest'
import { connected, makeCredential, startTestBroker, type TestBroker } from '../support/broker.ts'
import { until } from '../support/until.ts'

const gateway = makeCredential({ type: 'gateway', estate: 'e1', gateway: 'g1' })
const ext = makeCredential({ type: 'ext', estate: 'e1', name: 'bms' })
const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options: Parameters<typeof startTestBroker>[0] = {}): Promise<TestBroker> {
  const broker = await startTestBroker({ credentials: [gateway, ext], ...options })
  closing.push(() => broker.close())
  return broker
}

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(() => 0).catch((error: unknown) => (error as { code?: number }).code ?? String(error))

/** Sends a raw CONNECT and gives the CONNACK's code, or `closed`. */
const V311 = { protocolId: 'MQTT', protocolVersion: 4 } as const
function rawConnect(port: number, packet: Partial<packets.IConnectPacket>, keepSession = false): Promise<number | 'closed'> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    const bytes = packets.generate({ cmd: 'connect', ...V311, clean: true, clientId: 'x', keepalive: 10, ...packet })
    if (keepSession) bytes[9]! &= ~0b10 // the library refuses to write an empty client id with a kept session
    socket.write(bytes)
    socket.on('data', (data) => {
      resolve(data.readUInt8(3))
      socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve('closed'))
  })
}

test('nobody connects without a credential; while the broker knows none it answers 3, then 5', async () => {
  const broker = await start({ credentials: [] })
  expect(await codeOf(broker.connect(gateway))).toBe(3)
  await broker.setCredentials([gateway])
  expect(await codeOf(broker.connect({ ...gateway, password: 'wrong' }))).toBe(5)
  expect(await codeOf(broker.connect({ username: 'gw.e1.nobody', password: gateway.password }))).toBe(5)
  expect(await rawConnect(broker.broker.mqttPort, {})).toBe(5)
  expect(await codeOf(broker.connect(gateway))).toBe(0)
})

test('the credentials are known again after a restart, before the dashboard server has said anything', async () => {
  const broker = await start()
  await broker.restart()
  expect(await codeOf(broker.connect(gateway))).toBe(0)
  expect(await codeOf(broker.connect({ ...gateway, password: 'wrong' }))).toBe(5)
})

test('MQTT 3.1 and 3.1.1 are spoken; client ids follow their rules', async () => {
  const broker = await start()
  const { mqttPort } = broker.broker
  const login = { username: gateway.username, password: Buffer.from(gateway.password) }
  const v31 = { protocolId: 'MQIsdp', protocolVersion: 3 } as const
  expect(await rawConnect(mqttPort, { ...login, ...v31, clientId: 'a-name-of-23-characters' })).toBe(0)
  expect(await rawConnect(mqttPort, { ...login, ...v31, clientId: 'a-name-of-24-characters!' })).toBe(2)
  expect(await rawConnect(mqttPort, { ...login, clientId: 'x'.repeat(500) })).toBe(0)
  expect(await rawConnect(mqttPort, { ...login, clientId: '', clean: true })).toBe(0)
  expect(await rawConnect(mqttPort, { ...login, clientId: '' }, true)).toBe(2)
  const client = await broker.connect(gateway, { protocolId: 'MQIsdp', protocolVersion: 3, clientId: 'old' })
  await client.publishAsync('estates/e1/camera/c1/telemetry', '{}', { qos: 1 })
})

test('a will outside the rights is refused with 5', async () => {
  const broker = await start()
  const will = (topic: string): IClientOptions => ({ will: { topic, payload: Buffer.from('offline'), qos: 1, retain: true } })
  expect(await codeOf(broker.connect(gateway, will('estates/e2/gateway/g1/availability')))).toBe(5)
  expect(await codeOf(broker.connect(gateway, will('estates/e1/gateway/g1/availability')))).toBe(0)
})

test('twenty wrong passwords in a minute make that address and name wait, and nobody else', async () => {
  const broker = await start()
  for (let n = 0; n < 20; n++) expect(await codeOf(broker.connect({ ...gateway, password: `wrong ${n}` }))).toBe(5)
  expect(await codeOf(broker.connect(gateway))).not.toBe(0)
  expect(await codeOf(broker.connect(ext))).toBe(0)
})

test('a revoked or rotated credential is disconnected before the answer, and its old password is worth nothing', async () => {
  const broker = await start()
  const client = await broker.connect(gateway)
  const other = await broker.connect(ext)
  const closed = new Promise<string>((resolve) => client.once('close', () => resolve('closed')))
  const rotated = { ...makeCredential(gateway.owner) }
  await broker.setCredentials([rotated, ext])
  expect(await closed).toBe('closed')
  expect(await codeOf(broker.connect(gateway))).toBe(5)
  const again = await broker.connect(rotated)
  const closedAgain = new Promise<string>((resolve) => again.once('close', () => resolve('closed')))
  await broker.setCredentials([ext])
  expect(await closedAgain).toBe('closed')
  expect(await codeOf(broker.connect(rotated))).toBe(5)
  expect(other.connected).toBe(true)
})

test('the same client id under two credentials is two sessions', async () => {
  const broker = await start()
  const one = await broker.connect(gateway, { clientId: 'same' })
  const two = await broker.connect(ext, { clientId: 'same' })
  await two.publishAsync('estates/e1/ext/x', '1', { qos: 1 })
  expect([one.connected, two.connected]).toEqual([true, true])
})

test('MQTT over WebSocket has its own port', async () => {
  const broker = await start({ env: { MQTT_WS_PORT: '0' } })
  const { username, password } = gateway
  const client = connect(`ws://127.0.0.1:${broker.broker.mqttWsPort!}/mqtt`, { username, password, reconnectPeriod: 0 })
  closing.push(() => client.endAsync(true))
  await (await connected(client)).publishAsync('estates/e1/camera/c1/telemetry', '{}', { qos: 1 })
})

test('the socket for our own processes is for this user alone', async () => {
  const broker = await start()
  const modeOf = (path: string) => statSync(join(broker.dataDir, path)).mode & 0o777
  expect([modeOf('run'), modeOf('run/broker.sock')]).toEqual([0o700, 0o600])
  await expect(broker.link.append('estates/e1/camera/c1/telemetry', {})).rejects.toMatchObject({ code: 'bad-request' })
  await expect(broker.link.request('nonsense')).rejects.toMatchObject({ code: 'not-found' })
  await until(() => broker.link.connected())
})
