import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { startAlarms } from '../../alarms/role.ts'
import { openAlarmsReader } from '../../alarms/alarms-reader.ts'
import { readConfig } from '../../config.ts'
import type { Alarm } from '../../domain/alarm.ts'
import type { AlarmChanged } from '../../domain/system.ts'
import { builtFile } from '../../project-root.ts'
import { RECORDS_FILE } from '../../storage/records-schema.ts'
import { openDatabase } from '../../storage/sqlite.ts'
import { silentLog, type TestBroker } from '../support/broker.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { ESTATE } from './estate.ts'
import { startLine } from './line.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** What `alarms.db` holds of alarms and their history, in full. */
function dump(dataDir: string) {
  const database = openDatabase(join(dataDir, 'alarms.db'), { readonly: true })
  const alarms = database.prepare('select * from alarm order by id').all()
  const timeline = database.prepare('select * from timeline order by alarm, n').all()
  database.close()
  return { alarms, timeline }
}

function cursorOf(dataDir: string): number {
  if (!existsSync(join(dataDir, 'alarms.db'))) return 0
  const reader = openAlarmsReader({ dataDir })
  const cursor = reader?.cursor() ?? 0
  reader?.close()
  return cursor
}

test('an alarm goes from a message over the journal to the outbox, and an action comes back with its result', async () => {
  const { broker, connect, said } = await startLine()
  closers.push(() => broker.close())
  const role = await startAlarms(broker.config, silentLog)
  closers.push(() => role.close())
  const client = await connect()
  await client.publishAsync(
    `estates/${ESTATE}/fence-zone/zone-2/event`,
    JSON.stringify({ ts: Date.now(), code: 'cut', active: true, chainage_m: 137 }),
    { qos: 1 },
  )
  const [raised] = await until(() => {
    const found = said<AlarmChanged>('system/alarm')
    return found.length > 0 ? found : undefined
  })
  expect(raised!.alarm).toMatchObject({
    code: 'cut',
    priority: 1,
    state: 'unacknowledged',
    transition: 1,
    responsible: 'guard',
    decisionMaker: 'head',
  })
  const action = { v: 1, id: 'first', alarm: raised!.alarm.id, action: 'acknowledge', by: 'desk' }
  await broker.link.append('system/action', action)
  await broker.link.append('system/action', action) // sent again: takes effect once, is answered twice
  const results = await until(() => {
    const found = said<{ id: string; alarm?: Alarm }>('system/action-result')
    return found.length > 1 ? found : undefined
  })
  expect(results.map(({ alarm }) => alarm?.transition)).toEqual([2, 2])
  const reader = openAlarmsReader({ dataDir: broker.dataDir })!
  closers.push(() => reader.close())
  expect(reader.list({ estates: [ESTATE], standing: true, limit: 10 })).toMatchObject({
    alarms: [{ code: 'cut', state: 'acknowledged' }],
    next: null,
  })
  expect(reader.timeline(raised!.alarm.id).map(({ what, who }) => [what, who])).toEqual([
    ['raised', undefined],
    ['acknowledged', 'desk'],
  ])
  await until(() => said('system/engine').length > 0, { what: 'the engine says that it is alive' })
})

test('killed again and again it comes to the same alarms and the same transitions as without a kill', { timeout: 120_000 }, async () => {
  const { broker, connect } = await startLine()
  closers.push(() => broker.close())
  const { dataDir } = broker
  const client = await connect()
  let child: ChildProcess | undefined
  const start = () => {
    const url = (path: string) => JSON.stringify(pathToFileURL(builtFile(path)).href)
    const code = `
      const [{ startAlarms }, { readConfig }, { pino }] = await Promise.all([import(${url('alarms/role')}), import(${url('config')}), import('pino')])
      await startAlarms(readConfig(), pino({ level: 'silent' }))`
    child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, MQTT_PORT: '0', HTTP_PORT: '0' },
      stdio: 'inherit',
    })
  }
  closers.push(() => child?.kill('SIGKILL'))

  // Alarms come and go while the engine is killed at moments of the clock's choosing.
  let publishing = true
  const states = ['normal', 'cut', 'touch', 'normal', 'short', 'low-voltage', 'normal', 'climb']
  const publish = async () => {
    for (let i = 0; publishing; i++) {
      const zone = `zone-${(i % 4) + 1}`
      const payload = { ts: Date.now(), armed: true, state: states[Math.floor(i / 4) % states.length], voltage_kv: 6 }
      await client.publishAsync(`estates/${ESTATE}/fence-zone/${zone}/telemetry`, JSON.stringify(payload), { qos: 1 })
      await client.publishAsync(
        `estates/${ESTATE}/elevator/lift-1/event`,
        JSON.stringify({ scheme: 'chongqing', code: 91, active: i % 3 === 0 }),
        { qos: 1 },
      )
      await acknowledgeNewest(broker, i)
    }
  }
  const published = publish()
  for (let kill = 0; kill < 8; kill++) {
    const before = cursorOf(dataDir)
    start()
    await until(() => cursorOf(dataDir) > before + Math.random() * 60, { timeoutMs: 30_000, what: 'the engine moves on' })
    child!.kill('SIGKILL')
    await new Promise((resolve) => child!.once('exit', resolve))
  }
  publishing = false
  await published
  start()
  const head = broker.journal.head()
  await until(() => cursorOf(dataDir) >= head, { timeoutMs: 30_000 })
  await until(() => outboxOf(dataDir) === 0, { timeoutMs: 30_000, what: 'everything is told' })
  child!.kill('SIGKILL')
  await new Promise((resolve) => child!.once('exit', resolve))
  const killed = dump(dataDir)

  const other = makeTempDir()
  closers.push(() => other.remove())
  symlinkSync(join(dataDir, 'journal'), join(other.path, 'journal'))
  symlinkSync(join(dataDir, RECORDS_FILE), join(other.path, RECORDS_FILE))
  const role = await startAlarms(readConfig({ DATA_DIR: other.path, MQTT_PORT: '0', HTTP_PORT: '0' }), silentLog)
  await until(() => cursorOf(other.path) >= cursorOf(dataDir), { timeoutMs: 30_000 })
  await role.close()
  const calm = dump(other.path)
  const upTo = new Set(killed.alarms.map(({ id }) => id))
  expect(killed.timeline.length).toBeGreaterThan(50)
  expect(calm.alarms.filter(({ id }) => upTo.has(id))).toEqual(killed.alarms)
  expect(calm.timeline.filter(({ alarm }) => upTo.has(alarm))).toEqual(killed.timeline)

  const told = broker.entries().filter(({ topic }) => topic === 'system/alarm')
  const transitions = new Map<string, string>()
  for (const { payload } of told) {
    const { alarm } = JSON.parse(Buffer.from(payload).toString('utf8')) as AlarmChanged
    const key = `${alarm.id} ${alarm.transition}`
    const body = JSON.stringify(alarm)
    expect(transitions.get(key) ?? body).toBe(body)
    transitions.set(key, body)
  }
  expect([...transitions.keys()].sort()).toEqual(killed.timeline.map(({ alarm, n }) => `${String(alarm)} ${String(n)}`).sort())
})

function outboxOf(dataDir: string): number {
  const database = openDatabase(join(dataDir, 'alarms.db'), { readonly: true })
  const count = Number(database.prepare('select count(*) as n from outbox').get()!['n'])
  database.close()
  return count
}

/** A guard who acknowledges or resets what is newest on the desk. */
async function acknowledgeNewest(broker: TestBroker, i: number): Promise<void> {
  if (i % 5 !== 0 || !existsSync(join(broker.dataDir, 'alarms.db'))) return
  const reader = openAlarmsReader({ dataDir: broker.dataDir })
  const [newest] = reader?.list({ estates: '*', standing: true, limit: 1 }).alarms ?? []
  reader?.close()
  if (newest)
    await broker.link.append('system/action', {
      v: 1,
      id: `a-${i}`,
      alarm: newest.id,
      action: i % 2 === 0 ? 'acknowledge' : 'reset',
      by: 'desk',
    })
}
