/** `npm run bench -- page`: the first load of the desk, and how busy its page is while 5,000 readings a second change it. */
import { gzipSync } from 'node:zlib'
import type { TestPage } from '../test/support/browser.ts'
import { openBusyDesk, type BusyDesk } from './desk/busy-desk.ts'
import { median, type Bench } from './report.ts'

const READINGS_PER_S = 5_000
const WARM_UP_MS = 5_000
const WINDOW_MS = 5_000
const WINDOWS = 5

const page: Bench = async () => {
  const busy = await openBusyDesk()
  try {
    const calm = await firstLoadKib(busy, '.right .calm')
    const load = await busy.startLoad({ readingsPerS: READINGS_PER_S, perMessage: 1 })
    await pause(WARM_UP_MS)
    const ackedBefore = load.acked()
    const windows = []
    for (let i = 0; i < WINDOWS; i++) windows.push(await watch(busy.desk, WINDOW_MS))
    const readingsPerS = (load.acked() - ackedBefore) / ((WINDOWS * WINDOW_MS) / 1000)
    await load.stop()
    const event = JSON.stringify({ ts: Date.now(), code: 'cut', active: true, chainage_m: 437 })
    await busy.gateway.publishAsync(`${busy.topic('fence-zone', 'zone-5')}/event`, event, { qos: 1 })
    await busy.desk.page.locator('.right .alarm').waitFor({ timeout: 30_000 })
    const alarmed = await firstLoadKib(busy, '.right .alarm')
    const figures = {
      gzip_kib: Math.max(calm, alarmed),
      busy_percent: median(windows.map(({ busyPercent }) => busyPercent)),
      fps: Math.round(median(windows.map(({ fps }) => fps))),
    }
    return {
      table: [
        { what: 'first load, calm', figure: `${calm.toFixed(1)} KiB gzip` },
        { what: 'first load, with an alarm', figure: `${alarmed.toFixed(1)} KiB gzip` },
        { what: 'readings a second, acknowledged', figure: Math.round(readingsPerS) },
        { what: 'devices changed on the page, a second', figure: Math.round(median(windows.map(({ changes }) => changes))) },
        ...windows.map(({ busyPercent, scriptPercent, layoutPercent, fps }, i) => ({
          what: `${WINDOW_MS / 1000} s, no. ${i + 1}`,
          figure: `busy ${busyPercent.toFixed(1)} % (script ${scriptPercent.toFixed(1)}, style and layout ${layoutPercent.toFixed(1)}), ${fps.toFixed(1)} frames/s`,
        })),
      ],
      figures: { ...figures, readings_per_s: Math.round(readingsPerS) },
      limits: {
        gzip_kib: { figure: figures.gzip_kib, atMost: 90 },
        busy_percent: { figure: figures.busy_percent, atMost: 15 },
        fps: { figure: figures.fps, atLeast: 60 },
        readings_per_s: { figure: readingsPerS, atLeast: 0.98 * READINGS_PER_S },
      },
      versions: { chromium: busy.desk.page.context().browser()?.version() ?? 'unknown' },
    }
  } finally {
    await busy.close()
  }
}

/** Script and style that come until the whole desk stands with its right column. */
async function firstLoadKib(busy: BusyDesk, column: string): Promise<number> {
  const fresh = await busy.anotherPage()
  const bodies: Promise<Buffer>[] = []
  fresh.page.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) bodies.push(response.body())
  })
  await fresh.open(new URL(busy.desk.page.url()).pathname)
  await fresh.page.locator('.desk .drawing').first().waitFor({ timeout: 30_000 })
  await fresh.page.locator(column).waitFor({ timeout: 30_000 })
  const first = await Promise.all(bodies)
  await fresh.close()
  return first.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) / 1024
}

interface Watched {
  /** Share of the time in which the page's main thread did anything. */
  readonly busyPercent: number
  readonly scriptPercent: number
  readonly layoutPercent: number
  readonly fps: number
  /** Devices in the messages of changes, a second. */
  readonly changes: number
}

/** What Chromium itself says of the page over a window (DevTools protocol, Performance.getMetrics), and its frames. */
async function watch({ page }: TestPage, ms: number): Promise<Watched> {
  const devTools = await page.context().newCDPSession(page)
  let changes = 0
  await devTools.send('Network.enable')
  devTools.on('Network.webSocketFrameReceived', ({ response }) => {
    if (response.payloadData.includes('"changes"')) changes += response.payloadData.split('"observedAt"').length - 1
  })
  await devTools.send('Performance.enable')
  const metrics = async () => {
    const { metrics: all } = await devTools.send('Performance.getMetrics')
    return Object.fromEntries(all.map(({ name, value }) => [name, value])) as Readonly<Record<string, number>>
  }
  const before = await metrics()
  const frames = await page.evaluate<number>(`new Promise((resolve) => {
    const from = performance.now()
    let frames = 0
    const next = () => {
      frames++
      if (performance.now() - from < ${ms}) requestAnimationFrame(next)
      else resolve(frames / ((performance.now() - from) / 1000))
    }
    requestAnimationFrame(next)
  })`)
  const after = await metrics()
  await devTools.detach()
  const seconds = after['Timestamp']! - before['Timestamp']!
  const share = (...names: readonly string[]) => (100 * names.reduce((sum, name) => sum + after[name]! - before[name]!, 0)) / seconds
  return {
    busyPercent: share('TaskDuration'),
    scriptPercent: share('ScriptDuration'),
    layoutPercent: share('LayoutDuration', 'RecalcStyleDuration'),
    fps: frames,
    changes: changes / seconds,
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

export default page
