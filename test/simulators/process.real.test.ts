import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRecords } from '../../dashboard/server/records/database.ts'
import { saveEstates } from '../../dashboard/server/records/estates.ts'
import { EXIT_BAD_SETTINGS } from '../../config.mjs'
import { builtFile } from '../../project-root.ts'
import { simulatorSocketPath, type SimulatorAnswer } from '../../simulators/socket.ts'
import { makeCredential, startTestBroker, type TestBroker } from '../support/broker.ts'
import { until } from '../support/until.ts'
import { parse } from './play.ts'
import { yangqu760 } from './support.ts'

let broker: TestBroker
let child: ChildProcess
let credentialsPath: string

const start = (env: Readonly<Record<string, string>> = {}) =>
  fork(builtFile('simulators/main'), [], {
    env: { PATH: process.env['PATH'], DATA_DIR: broker.dataDir, MQTT_PORT: '0', LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
const ended = (process_: ChildProcess) => new Promise<number | null>((resolve) => process_.once('exit', resolve))
const ask = (question: unknown) =>
  new Promise<SimulatorAnswer>((resolve, reject) => {
    const socket = connect(simulatorSocketPath(broker.dataDir))
    socket.once('error', reject)
    const lines = createInterface({ input: socket })
    lines.once('error', reject)
    lines.once('line', (line) => {
      socket.destroy()
      resolve(JSON.parse(line) as SimulatorAnswer)
    })
    socket.write(`${typeof question === 'string' ? question : JSON.stringify(question)}\n`)
  })
const connections = async () => (await broker.link.request<{ clients: readonly unknown[] }>('stats')).clients.length

/** User and system time of a process, from its clock ticks (100 a second, proc(5)). */
function readCpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

beforeAll(async () => {
  broker = await startTestBroker()
  const { records } = openRecords(broker.dataDir)
  await saveEstates(records, { put: [yangqu760], remove: [], now: Date.now() })
  await records.destroy()
  const gateways = yangqu760.devices.filter(({ kind }) => kind === 'gateway').map(({ id }) => id)
  const logins = Object.fromEntries(gateways.map((id) => [id, makeCredential({ type: 'gateway', estate: 'yangqu-760', gateway: id })]))
  await broker.setCredentials(Object.values(logins))
  credentialsPath = join(broker.dataDir, 'run', 'simulator-credentials.json')
  child = start()
  await until(() => ask('{}').catch(() => undefined), { timeoutMs: 60_000, what: 'the socket of the simulators' })
  writeFileSync(credentialsPath, JSON.stringify({ estates: { 'yangqu-760': logins } }))
})
afterAll(async () => {
  child.kill('SIGKILL')
  await broker.close()
})

describe('the process of the simulated devices', { timeout: 120_000 }, () => {
  it('waits for its credentials, then connects every gateway and tells how each device is', async () => {
    await until(async () => (await connections()) === 12, { timeoutMs: 60_000 })
    const heard = () =>
      new Set(
        broker
          .entries()
          .filter(({ topic }) => topic.endsWith('/telemetry'))
          .map(({ topic }) => topic),
      )
    await until(() => heard().size === yangqu760.devices.length, { timeoutMs: 60_000 })
  })

  it('plays a scenario on request and answers with the instant that its first message was published', async () => {
    const askedAt = Date.now()
    const answer = await ask({ estate: 'yangqu-760', scenario: 'cut' })
    expect(answer).toMatchObject({ publishedAt: expect.any(Number) as number })
    const event = await until(() => broker.entries().find(({ topic }) => topic.endsWith('zone-5/event')))
    expect(parse(event.payload)).toMatchObject({ code: 'cut', active: true, chainage_m: 437 })
    const { publishedAt } = answer as { publishedAt: number }
    expect(publishedAt).toBeGreaterThanOrEqual(askedAt)
    expect(event.receivedAt).toBeGreaterThanOrEqual(publishedAt)
  })

  it('takes a single fault, and says in words what it cannot do', async () => {
    expect(await ask({ estate: 'yangqu-760', device: 'elevator#2', do: 'alarm-button' })).toHaveProperty('publishedAt')
    expect(await ask({ estate: 'nowhere', scenario: 'cut' })).toEqual({ error: 'estate nowhere is not simulated' })
    expect(await ask({ estate: 'yangqu-760', scenario: 'flood' })).toMatchObject({
      error: expect.stringContaining('there is no scenario flood; there are') as string,
    })
    expect(await ask({ estate: 'yangqu-760', device: 'elevator#2', do: 'dance' })).toMatchObject({
      error: expect.stringContaining('elevator does not know "dance"') as string,
    })
    expect(await ask('nonsense')).toMatchObject({ error: expect.stringContaining('ask with one JSON line') as string })
  })

  it('costs less than a twentieth of a core', async () => {
    const cpuMs = () => readCpuMs(child.pid!)
    const [from, at] = [cpuMs(), Date.now()]
    const entries = broker.entries().length
    await until(() => broker.entries().length > entries + 60, { timeoutMs: 60_000 })
    expect((cpuMs() - from) / (Date.now() - at)).toBeLessThan(0.05)
  })

  it('ends its clients when the credentials go, and itself on SIGTERM', async () => {
    rmSync(credentialsPath)
    await until(async () => (await connections()) === 0)
    const code = ended(child)
    child.kill('SIGTERM')
    expect(await code).toBe(0)
  })

  it('ends when its parent is gone', async () => {
    const orphan = start()
    await until(() => ask('{}').catch(() => undefined), { timeoutMs: 60_000 })
    const code = ended(orphan)
    orphan.disconnect()
    expect(await code).toBe(0)
  })

  it('refuses a SIMULATE that names no scenario as a bad setting', async () => {
    const wrong = start({ SIMULATE: 'flood' })
    let said = ''
    wrong.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()))
    expect(await ended(wrong)).toBe(EXIT_BAD_SETTINGS)
    expect(said).toContain('SIMULATE: there is no scenario flood; there are cut, entrapment')
  })
})
