import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { connect, type MqttClient } from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import { startBrokerLink } from '../../broker/journal/link.ts'
import { startJournalReader } from '../../broker/journal/reader.ts'
import { verifyJournal } from '../../broker/journal/verify.ts'
import { projectRoot } from '../../project-root.ts'
import { connected, makeCredential, withoutPassword } from '../support/broker.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

const ROUNDS = 3
const PUBLISHERS = 4
const WINDOW = 50
const gateway = makeCredential({ type: 'gateway', estate: 'e1', gateway: 'g1' })

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function startChild(dataDir: string): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = spawn(process.execPath, [join(projectRoot, 'test/support/broker-child.mjs')], {
    env: { ...process.env, DATA_DIR: dataDir, MQTT_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  closing.push(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout.on('data', (data) => (text += String(data)))
  await until(() => text.includes('\n'), { timeoutMs: 30_000 })
  return { child, port: (JSON.parse(text) as { mqttPort: number }).mqttPort }
}

/** Publishes numbered messages, WINDOW at a time, until the connection is gone; `acked` holds the acknowledged ones in their order. */
function publishOn(client: MqttClient, name: string, acked: string[]): void {
  let n = 0
  const next = () => {
    const text = `${name}-${n++}`
    client.publish('estates/e1/camera/c1/telemetry', text, { qos: 1 }, (error) => {
      if (error) return
      acked.push(text)
      next()
    })
  }
  for (let i = 0; i < WINDOW; i++) next()
}

test('whatever was acknowledged before a kill -9 is in the journal, once and in order', { timeout: 180_000 }, async () => {
  const temp = makeTempDir()
  closing.push(() => temp.remove())
  const acked: string[][] = []
  for (let round = 0; round < ROUNDS; round++) {
    const { child, port } = await startChild(temp.path)
    if (round === 0) {
      const link = startBrokerLink({ dataDir: temp.path })
      await link.request('credentials', { revision: 1, credentials: [withoutPassword(gateway)] })
      await link.close()
    }
    const mine: string[][] = []
    for (let i = 0; i < PUBLISHERS; i++) {
      const client = connect(`mqtt://127.0.0.1:${port}`, { username: gateway.username, password: gateway.password, reconnectPeriod: 0 })
      closing.push(() => client.endAsync(true))
      mine.push([])
      publishOn(await connected(client), `${round}.${i}`, mine[i]!)
    }
    await until(() => mine.every((list) => list.length > 1_000), { timeoutMs: 60_000 })
    child.kill('SIGKILL')
    await until(() => child.signalCode !== null)
    acked.push(...mine)
  }
  const { child } = await startChild(temp.path)
  expect(verifyJournal(temp.path).faults).toEqual([])
  const reader = startJournalReader({ dataDir: temp.path })
  closing.push(() => reader.close())
  const journaled = new Map<string, string[]>()
  for (let cursor = 0; ;) {
    const slice = reader.read(cursor, 2_000)
    if (slice.length === 0) break
    cursor = slice.at(-1)!.seq
    for (const { topic, payload } of slice) {
      if (!topic.startsWith('estates/')) continue
      const text = Buffer.from(payload).toString()
      const name = text.split('-')[0]!
      journaled.set(name, [...(journaled.get(name) ?? []), text])
    }
  }
  for (const list of acked) {
    const inJournal = journaled.get(list[0]!.split('-')[0]!)!
    // No numbers left out, none twice, in the order sent; perhaps some more that were not yet acknowledged.
    expect(inJournal).toEqual(inJournal.map((_, n) => `${list[0]!.split('-')[0]!}-${n}`))
    expect(inJournal.length).toBeGreaterThanOrEqual(list.length)
    expect(list.every((text, n) => inJournal[n] === text)).toBe(true)
  }
  child.kill('SIGTERM')
  await until(() => child.exitCode !== null)
  expect(child.exitCode).toBe(0)
})
