import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect as tlsConnect, type ConnectionOptions, type PeerCertificate } from 'node:tls'
import { connect, type IClientOptions } from 'mqtt'
import { pino } from 'pino'
import { afterEach, beforeAll, afterAll, expect, test } from 'vitest'
import { namesIn } from '../../broker/certified.ts'
import { watchTlsFiles } from '../../tls-files.ts'
import { connected, makeCredential, startTestBroker, type TestBroker } from '../support/broker.ts'
import { makeAuthority, type Authority, type KeyPair } from '../support/certificates.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

const gateway = makeCredential({ type: 'gateway', estate: 'e1', gateway: 'g1' })
const other = makeCredential({ type: 'gateway', estate: 'e1', gateway: 'g2' })
const temp = makeTempDir()
const certPath = join(temp.path, 'live.crt')
const keyPath = join(temp.path, 'live.key')
const caPath = join(temp.path, 'live-ca.crt')
const files = { TLS_CERT: certPath, TLS_KEY: keyPath, MQTT_TLS_PORT: '0' }

let authority: Authority
let first: KeyPair
let second: KeyPair
beforeAll(() => {
  authority = makeAuthority(temp.path, 'authority')
  first = authority.issue('first', { dns: ['localhost'] })
  second = authority.issue('second', { dns: ['localhost'] })
})
afterAll(() => temp.remove())
const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function install({ cert, key }: KeyPair): void {
  writeFileSync(certPath, cert)
  writeFileSync(keyPath, key)
}

async function start(env: Readonly<Record<string, string>> = files): Promise<TestBroker> {
  install(first)
  copyFileSync(authority.caPath, caPath)
  const broker = await startTestBroker({ env, credentials: [gateway, other], tlsLookMs: 20 })
  closing.push(() => broker.close())
  return broker
}

/** A handshake and nothing more. @returns the common name of the server, or the code of what went wrong. */
function handshake(broker: TestBroker, options: ConnectionOptions = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = tlsConnect({ port: broker.broker.mqttTlsPort!, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      resolve(String((socket.getPeerCertificate() as Partial<PeerCertificate>).subject?.CN))
      socket.destroy()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

/** Connects and publishes for a device of the estate. @returns 0, or the CONNACK's code, or what else went wrong. */
function attempt(broker: TestBroker, options: IClientOptions): Promise<unknown> {
  const client = connect(`mqtts://127.0.0.1:${broker.broker.mqttTlsPort!}`, { reconnectPeriod: 0, rejectUnauthorized: false, ...options })
  closing.push(() => client.endAsync(true))
  return connected(client)
    .then((ready) => ready.publishAsync('estates/e1/camera/c1/telemetry', '{}', { qos: 1 }))
    .then(() => 0)
    .catch((error: unknown) => (error as { code?: unknown }).code ?? 'closed')
}

const login = ({ username, password } = gateway) => ({ username, password })

test('TLS 1.2 and 1.3 with good suites are spoken; older versions, no forward secrecy and CBC are refused', async () => {
  const broker = await start()
  expect(await attempt(broker, login())).toBe(0)
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
    expect(await handshake(broker, { minVersion: version, maxVersion: version })).toBe('first')
  for (const version of ['TLSv1', 'TLSv1.1'] as const)
    expect(await handshake(broker, { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' })).toBe(
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    )
  const weak = ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'AES128-SHA', 'AES128-GCM-SHA256', 'aNULL', 'eNULL']
  for (const ciphers of weak)
    expect([ciphers, await handshake(broker, { maxVersion: 'TLSv1.2', ciphers: `${ciphers}@SECLEVEL=0` })]).toEqual([
      ciphers,
      'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    ])
})

test('a new certificate serves new handshakes without a restart, and connections that stand stay', async () => {
  const broker = await start()
  const client = connect(`mqtts://127.0.0.1:${broker.broker.mqttTlsPort!}`, { ...login(), reconnectPeriod: 0, rejectUnauthorized: false })
  closing.push(() => client.endAsync(true))
  await connected(client)
  expect(await handshake(broker)).toBe('first')
  install(second)
  await until(async () => (await handshake(broker)) === 'second')
  await client.publishAsync('estates/e1/camera/c1/telemetry', '{}', { qos: 1 })
})

test('files that do not serve are said once each and change nothing; good ones after them are used', async () => {
  install(first)
  const said: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) })
  const used: unknown[] = []
  let looks = 0
  const watched = {
    get certPath() {
      looks++
      return certPath
    },
    keyPath,
  }
  const watching = watchTlsFiles({ files: watched, use: (options) => used.push(options), log, everyMs: 5 })
  closing.push(() => watching.close())
  const lookAgain = async () => {
    const from = looks
    await until(() => looks > from + 6)
  }
  const rubbish = () => writeFileSync(certPath, 'no certificate')
  const othersKey = () => {
    writeFileSync(certPath, first.cert)
    writeFileSync(keyPath, second.key)
  }
  for (const [n, spoil] of [rubbish, othersKey, () => rmSync(keyPath)].entries()) {
    spoil()
    await until(() => said.length === n + 1)
    await lookAgain()
    expect(said).toEqual(Array.from({ length: n + 1 }, () => 'the new TLS files do not serve; those before stay in use'))
  }
  expect(used).toEqual([])
  install(second)
  await until(() => used.length === 1)
})

test('with a CA only its certificates come in; one that names no credential needs user name and password as ever', async () => {
  const broker = await start({ ...files, TLS_CA: caPath })
  const stranger = makeAuthority(temp.path, 'stranger').issue(gateway.username)
  expect(await attempt(broker, login())).not.toBe(0)
  expect(await attempt(broker, { ...login(), ...stranger })).not.toBe(0)
  const box = authority.issue('box')
  expect(await attempt(broker, { ...box, ...login() })).toBe(0)
  expect(await attempt(broker, { ...box })).toBe(5)
  expect(await attempt(broker, { ...box, username: gateway.username })).toBe(5)
})

test('a certificate that names a credential stands for its password, and for no other credential', async () => {
  const broker = await start({ ...files, TLS_CA: caPath })
  for (const named of [authority.issue(gateway.username), authority.issue('box 7', { dns: ['box7.lan', gateway.username] })]) {
    expect(await attempt(broker, { ...named })).toBe(0)
    expect(await attempt(broker, { ...named, username: gateway.username })).toBe(0)
    expect(await attempt(broker, { ...named, ...login() })).toBe(0)
    expect(await attempt(broker, { ...named, ...login(), password: 'wrong' })).toBe(5)
    expect(await attempt(broker, { ...named, ...login(other) })).toBe(5)
    expect(await attempt(broker, { ...named, username: other.username })).toBe(5)
  }
  const both = authority.issue(gateway.username, { dns: [other.username] })
  expect(await attempt(broker, { ...both })).toBe(5) // which of the two?
  expect(await attempt(broker, { ...both, username: other.username })).toBe(0)
  const named = authority.issue(gateway.username)
  await broker.setCredentials([other])
  expect(await attempt(broker, { ...named })).toBe(5)
  expect(broker.entries().filter(({ client }) => client === other.username).length).toBe(1)
})

test('a new CA is used without a restart: certificates of the old one come in no more', async () => {
  const broker = await start({ ...files, TLS_CA: caPath })
  const named = authority.issue(gateway.username)
  expect(await attempt(broker, { ...named })).toBe(0)
  const next = makeAuthority(temp.path, 'next')
  copyFileSync(next.caPath, caPath)
  await until(async () => (await attempt(broker, { ...named })) !== 0)
  expect(await attempt(broker, { ...next.issue(gateway.username) })).toBe(0)
})

test('names are taken from a certificate as they stand, never out of a quoted one', () => {
  expect(namesIn(['gw.e1.g1'], 'DNS:gw.e1.g1, DNS:dev.e1.camera.c1, IP Address:127.0.0.1')).toEqual(['gw.e1.g1', 'dev.e1.camera.c1'])
  expect(namesIn(['box', 'system'], 'DNS:"x, DNS:gw.e1.g1", URI:gw.e1.g2')).toEqual([])
})
