/** 38 estates at the contract's intervals: what all roles cost together, what one reading costs beside the same rate from one estate, and how soon all devices of an estate are read. */
import { setTimeout as sleep } from 'node:timers/promises'
import { SECOND_MS } from '../domain/clock.ts'
import type { Estate } from '../domain/estate.ts'
import { inventEstates } from '../simulators/estate-maker/invent.ts'
import type { Login } from '../simulators/virtual-gateway.ts'
import { startSystem, type RunningSystem } from '../test/support/system.ts'
import { until } from '../test/support/until.ts'
import { startLoad, type Load, type LoadedEstate } from './estates-load.ts'
import { median, type Bench } from './report.ts'
import { readCosts } from './role-cost.ts'

const READINGS_PER_SECOND = 720
const WARM_UP_MS = 20_000
const READS_EACH = 15

interface Measured {
  readonly readingsPerSecond: number
  readonly perSecond: Load['perSecond']
  /** Of one core, by role. */
  readonly percent: ReadonlyMap<string, number>
  readonly rssMib: ReadonlyMap<string, number>
  /** The median of the slowest estate. */
  readonly latestMs: number
}

export const estates: Bench = async () => {
  const invented = [...inventEstates({ count: 38, seed: 7 })]
  const many = await measure(invented, 60 * SECOND_MS)
  const one = await measure(invented.slice(0, 1), 40 * SECOND_MS, many.perSecond)
  const devices = invented.reduce((sum, estate) => sum + estate.devices.length, 0)
  const [cost, costAtOne] = [microseconds(many), microseconds(one)]
  const figures = {
    devices,
    readings_per_s: many.readingsPerSecond,
    core_percent: total(many.percent),
    rss_mb: total(many.rssMib),
    latest_ms: many.latestMs,
    us_per_reading: cost,
    us_per_reading_at_one_estate: costAtOne,
    ratio: cost / costAtOne,
  }
  return {
    table: [...many.percent.keys()].map((role) => ({
      role,
      'core % at 38 estates': rounded(many.percent.get(role)),
      'core % at 1': rounded(one.percent.get(role)),
      'RssAnon MiB at 38': rounded(many.rssMib.get(role)),
      'RssAnon MiB at 1': rounded(one.rssMib.get(role)),
    })),
    figures,
    limits: {
      devices: { figure: devices, atLeast: 12_740 },
      readings_per_s: { figure: figures.readings_per_s, atLeast: 700 },
      core_percent: { figure: figures.core_percent, atMost: 20 },
      rss_mb: { figure: figures.rss_mb, atMost: 600 },
      latest_ms: { figure: figures.latest_ms, atMost: 30 },
      ratio: { figure: figures.ratio, atMost: 1.1 },
    },
  }
}

/** @param perSecond messages of each kind, where not at the contract's intervals: the same mix from fewer devices */
async function measure(estates_: readonly Estate[], windowMs: number, perSecond?: Load['perSecond']): Promise<Measured> {
  const system = await startSystem({ env: { SIMULATE: 'off' } })
  try {
    const loaded: LoadedEstate[] = []
    for (const estate of estates_) loaded.push({ estate, logins: await settle(system, estate) })
    const load = await startLoad(loaded, {
      url: `mqtt://127.0.0.1:${system.mqttPort}`,
      readingsPerSecond: READINGS_PER_SECOND,
      ...(perSecond ? { perSecond } : {}),
    })
    try {
      console.error(
        `${estates_.length} estates: ${Object.entries(load.perSecond)
          .map(([kind, n]) => `${kind} ${n.toFixed(0)}/s`)
          .join(', ')}`,
      )
      await load.connected()
      await sleep(WARM_UP_MS)
      const [before, acknowledged, at] = [readCosts(system.pid), load.acknowledged(), performance.now()]
      await sleep(windowMs)
      const after = readCosts(system.pid)
      const seconds = (performance.now() - at) / SECOND_MS
      const readingsPerSecond = (load.acknowledged() - acknowledged) / seconds
      const latestMs = await readLatest(system, estates_)
      await until(async () => (await fetch(`${system.url}/readyz`)).ok, { what: 'every role works and none is behind' })
      return {
        readingsPerSecond,
        perSecond: load.perSecond,
        percent: new Map([...after].map(([role, { cpuMs }]) => [role, (cpuMs - (before.get(role)?.cpuMs ?? 0)) / seconds / 10])),
        rssMib: new Map([...after].map(([role, { rssMib }]) => [role, rssMib])),
        latestMs,
      }
    } finally {
      await load.close()
    }
  } finally {
    await system.stop()
  }
}

/** Loads the estate and has a credential made for each of its gateways. */
async function settle(system: RunningSystem, estate: Estate): Promise<Readonly<Record<string, Login>>> {
  const { status } = await system.api('POST', '/estates', estate)
  if (status !== 201) throw new Error(`${estate.id} was not taken: ${status}`)
  const logins: Record<string, Login> = {}
  for (const { id } of estate.devices.filter(({ kind }) => kind === 'gateway'))
    logins[id] = (await system.api<Login>('POST', `/estates/${estate.id}/gateways`, { name: id })).body
  return logins
}

async function readLatest(system: RunningSystem, estates_: readonly Estate[]): Promise<number> {
  const medians: number[] = []
  for (const { id, devices } of estates_) {
    const times: number[] = []
    for (let i = 0; i < READS_EACH; i++) {
      const at = performance.now()
      const { body } = await system.api<readonly unknown[]>('GET', `/estates/${id}/devices`)
      times.push(performance.now() - at)
      if (body.length !== devices.length) throw new Error(`${id} has ${devices.length} devices; ${body.length} were read`)
    }
    medians.push(median(times))
  }
  return Math.max(...medians)
}

const total = (of: ReadonlyMap<string, number>) => [...of.values()].reduce((sum, one) => sum + one, 0)
/** Of processor time, all roles together. */
const microseconds = ({ percent, readingsPerSecond }: Measured) => (total(percent) * 10_000) / readingsPerSecond
const rounded = (value = 0) => Math.round(value * 10) / 10
