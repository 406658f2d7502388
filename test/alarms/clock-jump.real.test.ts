import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { connectAsync } from 'mqtt'
import { afterEach, expect, test } from 'vitest'
import { startBrokerLink } from '../../broker/journal/link.ts'
import { startJournalReader } from '../../broker/journal/reader.ts'
import type { Alarm } from '../../domain/alarm.ts'
import type { AlarmChanged, Tick } from '../../domain/system.ts'
import { builtFile } from '../../project-root.ts'
import { makeCredential, withoutPassword } from '../support/broker.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { ESTATE, estate } from './estate.ts'
import { writeRecords } from './line.ts'

const FAKETIME = ['/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1', '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1'].find(
  existsSync,
)

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A role in a process whose wall clock is off by what the file says; its monotonic clock is the true one. */
function startRole(code: string, env: { readonly dataDir: string; readonly clockFile: string; readonly name: string }): ChildProcess {
  const script = join(env.dataDir, `${env.name}.mjs`) // threads of the role cannot be started from -e
  writeFileSync(script, code)
  const child = spawn(process.execPath, [script], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: env.dataDir,
      MQTT_PORT: '0',
      HTTP_PORT: '0',
      LD_PRELOAD: FAKETIME,
      FAKETIME_TIMESTAMP_FILE: env.clockFile,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  closers.push(() => child.kill('SIGKILL'))
  return child
}

const url = (path: string) => JSON.stringify(pathToFileURL(builtFile(path)).href)

test.runIf(FAKETIME).each([
  ['forward', 3600],
  ['back', -3600],
])(
  'the wall clock jumps an hour %s: no alarm is lost, none doubled, no deadline moved, and the jump is in the journal',
  { timeout: 180_000 },
  async (_way, seconds) => {
    const temp = makeTempDir()
    closers.push(() => temp.remove())
    const dataDir = temp.path
    const clockFile = join(dataDir, 'clock')
    writeFileSync(clockFile, '+0')
    const env = { dataDir, clockFile }
    const broker = startRole(
      `const [{ startBroker }, { readConfig }, { startLog }] = await Promise.all([import(${url('broker/role')}), import(${url('config')}), import(${url('log')})])
     const broker = await startBroker(readConfig(), startLog({ role: 'broker', level: 'silent' }), {})
     process.stdout.write(String(broker.mqttPort))`,
      { ...env, name: 'broker' },
    )
    const port = await new Promise<number>((resolve) => broker.stdout!.once('data', (text: Buffer) => resolve(Number(text))))
    const credential = makeCredential({ type: 'gateway', estate: ESTATE, gateway: 'gw-1' })
    const link = startBrokerLink({ dataDir })
    closers.push(() => link.close())
    await link.request('credentials', { revision: 1, credentials: [withoutPassword(credential)] })
    writeRecords(dataDir, { estate: estate(), revision: 1 })
    await link.append('system/records', { v: 1, revision: 1 })
    startRole(
      `const [{ startAlarms }, { readConfig }, { startLog }] = await Promise.all([import(${url('alarms/role')}), import(${url('config')}), import(${url('log')})])
     await startAlarms(readConfig(), startLog({ role: 'alarms', level: 'silent' }))`,
      { ...env, name: 'alarms' },
    )
    const journal = startJournalReader({ dataDir, pollMs: 20 })
    closers.push(() => journal.close())
    const said = <T>(topic: string) =>
      journal
        .read(0, 2000)
        .filter((entry) => entry.topic === topic)
        .map(({ payload }) => JSON.parse(Buffer.from(payload).toString('utf8')) as T)
    const transitions = () => said<AlarmChanged>('system/alarm').map(({ alarm }) => alarm)
    const of = (code: string): Alarm[] => transitions().filter((alarm) => alarm.code === code)

    const box = await connectAsync({ port, username: credential.username, password: credential.password, clientId: 'box' })
    closers.push(() => box.endAsync(true))
    const say = (device: string, payload: object) =>
      box.publishAsync(`estates/${ESTATE}/${device}/telemetry`, JSON.stringify({ ts: Date.now(), ...payload }), { qos: 1 })
    const between = { mode: 'normal', direction: 'none', speed_mps: 0, door: 'closed', in_door_zone: false, passenger: false }
    const elapsed = () => said<Tick>('system/tick').at(-1)?.elapsedMs ?? 0

    await say('fence-zone/zone-1', { armed: true, state: 'cut' })
    await say('fence-zone/zone-2', { armed: true, state: 'normal' }) // and then nothing for 20 s
    await until(() => of('cut').length === 1, { timeoutMs: 60_000 })
    await say('elevator/lift-1', between)
    const stoppedAtMs = elapsed()
    await until(() => elapsed() >= stoppedAtMs + 3000, { timeoutMs: 60_000 })
    writeFileSync(clockFile, `${seconds > 0 ? '+' : ''}${seconds}`)
    await until(() => said<Tick>('system/tick').some(({ jumpMs = 0 }) => Math.abs(jumpMs - seconds * 1000) < 5000), { timeoutMs: 60_000 })
    await say('fence-zone/zone-1', { armed: true, state: 'cut' })
    await say('fence-zone/zone-3', { armed: true, state: 'tamper' })
    await until(() => of('tamper').length === 1, { timeoutMs: 60_000 })
    await until(() => of('stopped-off-level').length === 1, { timeoutMs: 30_000 })
    expect(Math.abs(elapsed() - stoppedAtMs - 10_000)).toBeLessThanOrEqual(3000)
    await until(() => of('silent').some(({ device }) => device === 'zone-2'), { timeoutMs: 40_000 })
    await say('fence-zone/zone-1', { armed: true, state: 'normal' })
    await until(() => of('cut').length === 2, { timeoutMs: 60_000 })
    expect(of('cut').map(({ state, transition }) => [state, transition])).toEqual([
      ['unacknowledged', 1],
      ['returned', 2],
    ])
    const silences = of('silent').filter(({ device, transition }) => device === 'zone-2' && transition === 1)
    expect(silences).toHaveLength(1)
    expect(transitions().filter(({ code, late }) => late || code === 'clock-fault' || code === 'journal-gap')).toEqual([])
    expect(new Set(transitions().map(({ id, transition }) => `${id} ${transition}`)).size).toBe(transitions().length)
  },
)
