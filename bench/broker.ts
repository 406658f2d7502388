/** QoS 1 acknowledged with rights checked and the journal on disk, from 200 clients, beside bare aedes in memory in the same run. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { builtFile } from '../project-root.ts'
import { makeLogins, startBare, startOurs, end, type Server } from './broker/servers.ts'
import type { LoadOrder, LoadResult } from './broker/load.ts'
import { median, type Bench } from './report.ts'

const CLIENTS = 200
const PAIRS = 5
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
    },
    limits: { ratio: { figure: ratio, atLeast: 0.9 } },
  }
}

export default bench
