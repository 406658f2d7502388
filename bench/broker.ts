/** QoS 1 acknowledged with rights checked and the journal on disk, from 200 clients, beside bare aedes in memory in the same run; and a subscriber that keeps up beside one that does not. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { builtFile } from '../project-root.ts'
import { makeLogins, startBare, startOurs, end, type Server } from './broker/servers.ts'
import type { LoadOrder, LoadResult } from './broker/load.ts'
import type { NeighboursOrder, NeighboursResult } from './broker/neighbours.ts'
import { median, type Bench } from './report.ts'

const CLIENTS = 200
const PAIRS = 5
const TURNS = { turns: 5, turnMs: 5_000 }
const LOAD = { payloadBytes: 200, window: 20, warmUpMs: 1_500, measureMs: 4_000 }

async function measure(server: Server, logins: ReturnType<typeof makeLogins>): Promise<LoadResult & { readonly perSecond: number }> {
  const load = fork(builtFile('bench/broker/load'), { stdio: 'inherit' })
  const clients = logins.map(({ username, password }, n) => ({ username, password, topic: `estates/bench/camera/c${n}/telemetry` }))
  load.send({ ...LOAD, port: server.port, clients } satisfies LoadOrder)
  try {
    const [result] = (await once(load, 'message')) as [LoadResult]
    return { ...result, perSecond: (result.acked / result.ms) * 1_000 }
  } finally {
    await end(load)
    await server.stop()
  }
}

/** A subscriber that keeps up, alone and beside one that reads nothing: how much later does it get what it gets? */
async function measureNeighbours(): Promise<NeighboursResult> {
  const [login] = makeLogins(1, (n) => ({ type: 'ext', estate: 'bench', name: `x${n}` }))
  const server = await startOurs([login!])
  const child = fork(builtFile('bench/broker/neighbours'), { stdio: 'inherit' })
  const { username, password } = login!
  child.send({ ...TURNS, port: server.port, login: { username, password }, topic: 'estates/bench/ext/flow' } satisfies NeighboursOrder)
  try {
    return ((await once(child, 'message')) as [NeighboursResult])[0]
  } finally {
    await end(child)
    await server.stop()
  }
}

/** Alternating, so that what else the machine does falls on both; the ratio is the middle one of the pairs'. */
const bench: Bench = async () => {
  const logins = makeLogins(CLIENTS)
  const pairs = []
  for (let n = 0; n < PAIRS; n++) {
    const ours = await measure(await startOurs(logins), logins)
    const bare = await measure(await startBare(), logins)
    pairs.push({ ours, bare, ratio: ours.perSecond / bare.perSecond })
  }
  const ratio = median(pairs.map((pair) => pair.ratio))
  const { turns, cuts } = await measureNeighbours()
  const besideSlow = median(turns.map(({ aloneP99Ms, besideP99Ms }) => besideP99Ms / aloneP99Ms))
  return {
    table: pairs.map(({ ours, bare, ratio: of }, n) => ({
      pair: n + 1,
      'acked/s': Math.round(ours.perSecond),
      'bare aedes/s': Math.round(bare.perSecond),
      ratio: of.toFixed(2),
      'cores of the load': `${ours.loadCores.toFixed(2)}, ${bare.loadCores.toFixed(2)}`,
    })),
    figures: {
      acked_per_s: median(pairs.map(({ ours }) => ours.perSecond)),
      bare_aedes_per_s: median(pairs.map(({ bare }) => bare.perSecond)),
      ratio,
      fast_p99_ms_alone: median(turns.map(({ aloneP99Ms }) => aloneP99Ms)),
      fast_p99_ms_beside_slow: median(turns.map(({ besideP99Ms }) => besideP99Ms)),
      beside_slow_ratio: besideSlow,
      slow_cut: cuts,
    },
    limits: {
      ratio: { figure: ratio, atLeast: 0.9 },
      beside_slow_ratio: { figure: besideSlow, atMost: 2 },
      slow_cut: { figure: cuts, atLeast: 1 },
    },
  }
}

export default bench
