/** The whole system with its desk open in Chromium, and an even load of readings on that estate. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import mqtt, { type MqttClient } from 'mqtt'
import type { Estate } from '../../domain/estate.ts'
import { builtFile } from '../../project-root.ts'
import { DESK, startBrowser, type TestBrowser, type TestPage } from '../../test/support/browser.ts'
import { startSystem, type RunningSystem } from '../../test/support/system.ts'
import { until } from '../../test/support/until.ts'
import type { DeskLoadOrder, DeskLoadReport } from './load.ts'

const ESTATE = 'yangqu-760'
const GATEWAYS = 6 // a client is read more slowly above 2,000 messages a second

export interface BusyDesk {
  readonly system: RunningSystem
  readonly desk: TestPage
  readonly estate: Estate
  /** Another page of the same person. */
  anotherPage(): Promise<TestPage>
  /** A gateway's connection, free for the bench. */
  readonly gateway: MqttClient
  topic(kind: string, device: string): string
  startLoad(load: Pick<DeskLoadOrder, 'readingsPerS' | 'perMessage'>): Promise<RunningLoad>
  close(): Promise<void>
}

export interface RunningLoad {
  /** Readings acknowledged so far. */
  acked(): number
  stop(): Promise<void>
}

export async function openBusyDesk(): Promise<BusyDesk> {
  const system = await startSystem({ env: { SIMULATE: 'off' } })
  const chromium = await startBrowser()
  try {
    return await setUp(system, chromium)
  } catch (error) {
    await chromium.close()
    await system.stop()
    throw error
  }
}

async function setUp(system: RunningSystem, chromium: TestBrowser): Promise<BusyDesk> {
  const desk = await chromium.page({ url: system.url, viewport: DESK })
  await desk.signIn('admin', system.password, `/estates/${ESTATE}`)
  await desk.page.locator('.desk .drawing').first().waitFor({ timeout: 60_000 })
  const estate = (await system.api<Estate>('GET', `/estates/${ESTATE}`)).body
  const gateways = estate.devices.filter(({ kind }) => kind === 'gateway').slice(0, GATEWAYS + 1)
  const credentials = await Promise.all(
    gateways.map(async ({ id }) => {
      const path = `/estates/${ESTATE}/credentials/gw.${ESTATE}.${id}/rotate` // the examples' gateways have theirs
      const made = await system.api<{ username: string; password: string }>('POST', path)
      if (made.status >= 300) throw new Error(`a credential for ${id} was answered ${made.status}`)
      return made.body
    }),
  )
  const gateway = await mqtt.connectAsync(`mqtt://127.0.0.1:${system.mqttPort}`, { ...credentials[0]!, protocolVersion: 4 })
  return {
    ...{ system, desk, estate, gateway },
    anotherPage: async () => chromium.page({ url: system.url, context: { storageState: await desk.page.context().storageState() } }),
    topic: (kind, device) => `estates/${ESTATE}/${kind}/${device}`,
    startLoad: async (load) => {
      const child = fork(builtFile('bench/desk/load'), { stdio: 'inherit' })
      const devices = estate.devices.filter(({ kind }) => kind !== 'gateway').map(({ kind, id }) => ({ kind, id }))
      child.send({ ...load, port: system.mqttPort, estate: ESTATE, clients: credentials.slice(1), devices } satisfies DeskLoadOrder)
      let acked = 0
      child.on('message', (report: DeskLoadReport) => (acked = report.acked))
      await until(() => acked > load.readingsPerS, { timeoutMs: 30_000, what: 'the load runs' })
      return {
        acked: () => acked,
        stop: async () => {
          child.disconnect()
          if (child.exitCode === null) await once(child, 'exit')
        },
      }
    },
    close: async () => {
      await gateway.endAsync()
      await chromium.close()
      await system.stop()
    },
  }
}
