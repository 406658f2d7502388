/** `npm run bench -- screen [--events 400]`: from an event published by an MQTT client to its alarm in the DOM of Chromium, while 5,000 readings a second run through all roles. */
import { parseArgs } from 'node:util'
import { median, quantile, type Bench } from './report.ts'
import { openBusyDesk, type BusyDesk } from './desk/busy-desk.ts'

const READINGS_PER_S = 5_000
const WARM_UP_MS = 5_000
const QUIET_EVENTS = 50
const CAMERAS = 32
/** Between two events, so that they fall anywhere between two batches. */
const LEAST_GAP_MS = 50
const GAP_SPREAD_MS = 130
const PATIENCE_MS = 30_000

const screen: Bench = async (args) => {
  const { values } = parseArgs({ args: [...args], options: { events: { type: 'string', default: '400' } } })
  const busy = await openBusyDesk()
  try {
    await watchQueue(busy)
    const quiet = await measure(busy, QUIET_EVENTS)
    const load = await busy.startLoad({ readingsPerS: READINGS_PER_S, perMessage: 10 })
    await pause(WARM_UP_MS)
    const [ackedBefore, from] = [load.acked(), performance.now()]
    const times = await measure(busy, Number(values.events))
    const readingsPerS = (load.acked() - ackedBefore) / ((performance.now() - from) / 1000)
    await load.stop()
    const row = (what: string, all: readonly number[]) => ({
      what,
      events: all.length,
      p50_ms: median(all),
      p90_ms: quantile(all, 0.9),
      p99_ms: quantile(all, 0.99),
      worst_ms: Math.max(...all),
    })
    const figures = { readings_per_s: Math.round(readingsPerS), p50_ms: median(times), p99_ms: quantile(times, 0.99) }
    return {
      table: [row('without load', quiet), row(`at ${figures.readings_per_s} readings/s`, times)],
      figures: { ...figures, events: times.length },
      limits: {
        readings_per_s: { figure: readingsPerS, atLeast: 0.98 * READINGS_PER_S },
        p50_ms: { figure: figures.p50_ms, atMost: 50 },
        p99_ms: { figure: figures.p99_ms, atMost: 150 },
      },
      versions: { chromium: busy.desk.page.context().browser()?.version() ?? 'unknown' },
    }
  } finally {
    await busy.close()
  }
}

/** Called with the page's time as soon as the awaited row says that nobody has taken the alarm. */
let seen: (at: number) => void = () => undefined

/** The page looks at each change of its queue, before anything is painted. */
async function watchQueue({ desk }: BusyDesk): Promise<void> {
  await desk.page.exposeFunction('reportSeen', (at: number) => seen(at))
  await desk.page.evaluate(`{
    const isThere = (row) => row.textContent.includes(window.awaited) && row.textContent.includes('未确认')
    const look = () => {
      const at = Date.now()
      if (!window.awaited || ![...document.querySelectorAll('.queue .row')].some(isThere)) return
      window.awaited = undefined
      window.reportSeen(at)
    }
    new MutationObserver(look).observe(document.querySelector('.queue'), { subtree: true, childList: true, characterData: true })
  }`)
}

/** @returns how long each event took, ms; one at a time, each of another camera, each over before its camera's next */
async function measure(busy: BusyDesk, events: number): Promise<readonly number[]> {
  const cameras = busy.estate.devices.filter(({ kind }) => kind === 'camera').slice(0, CAMERAS)
  const times: number[] = []
  for (let i = 0; i < events; i++) {
    const { id, name } = cameras[i % cameras.length]!
    const say = (active: boolean) =>
      busy.gateway.publish(`${busy.topic('camera', id)}/event`, JSON.stringify({ ts: Date.now(), code: 'covered', active }), { qos: 1 })
    await busy.desk.page.evaluate(`window.awaited = ${JSON.stringify(name)}`)
    const onScreen = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the alarm of ${id} was not on the screen in ${PATIENCE_MS} ms`)), PATIENCE_MS)
      seen = (at) => {
        clearTimeout(timer)
        resolve(at)
      }
    })
    const publishedAt = Date.now()
    say(true)
    times.push((await onScreen) - publishedAt)
    say(false)
    await pause(LEAST_GAP_MS + Math.random() * GAP_SPREAD_MS)
  }
  return times
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export default screen
