import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportEntries } from '../broker/journal/export.ts'
import { startJournalReader } from '../broker/journal/reader.ts'
import { findKind } from '../devices/index.ts'
import { SYSTEM_RULES } from '../devices/system-rules.ts'
import type { Alarm } from '../domain/alarm.ts'
import type { EstateDevice } from '../domain/estate.ts'
import { readScenario, scenarioNames } from '../simulators/scenario-files.ts'
import type { AlarmExpectation, Scenario } from '../simulators/scenario.ts'
import { parseSelector, selectDevices } from '../simulators/selector.ts'
import { readExample } from './simulators/support.ts'
import { hasChromium, startBrowser, type TestBrowser, type TestPage } from './support/browser.ts'
import { startInflux, whyNoInflux, type InfluxServerUnderTest } from './support/influx.ts'
import { estateOf, startScenarioWorld, type ScenarioWorld } from './support/scenario-world.ts'
import { until } from './support/until.ts'

const SPEED = 5
/** One after the other, so that one desk can be gone round from estate to estate. */
const APART_S = 3
/** How much later than its file says a thing may reach the journal, and then the screen: two seconds, and five, of this machine. */
const JOURNAL_SLACK_S = 2 * SPEED
const SCREEN_SLACK_MS = 5000

const scenarios = scenarioNames().map(readScenario)
type Expectation = Scenario['expect'][number]

interface Played {
  readonly scenario: Scenario
  startAt: number
  /** By expectation: the lines of the screen when its second had come. */
  readonly seen: Map<Expectation | 'end', readonly string[]>
  /** All that there ever were on this estate. */
  alarms: readonly Alarm[]
}

describe.skipIf(!hasChromium || whyNoInflux() !== undefined)('every scenario, from its devices to the screen', () => {
  let influx: InfluxServerUnderTest
  let chromium: TestBrowser
  let world: ScenarioWorld
  let desk: TestPage
  const played = new Map<Scenario, Played>()

  beforeAll(async () => {
    influx = await startInflux()
    chromium = await startBrowser()
    world = await startScenarioWorld({ scenarios, speed: SPEED, env: { INFLUX_URL: influx.url, INFLUX_DB: 'estates' } })
    desk = await chromium.page({ url: world.system.url, context: { reducedMotion: 'reduce' } })
    await desk.signIn('admin', world.system.password, `/estates/${estateOf(scenarios[0]!)}`)
    await playAll()
  }, 240_000)
  afterAll(async () => {
    await chromium.close()
    await world.close()
    await influx.close()
  })

  /** Starts them apart from each other, and is at each desk when a second of its file has come. */
  const playAll = async () => {
    const firstAt = world.now() + 1000
    const beside: Promise<void>[] = []
    const agenda = scenarios.flatMap((scenario, i) => {
      const startAt = firstAt + i * APART_S * 1000
      const run: Played = { scenario, startAt, seen: new Map(), alarms: [] }
      played.set(scenario, run)
      const after = (seconds: number, act: () => Promise<unknown>) =>
        beside.push(
          world
            .reached(startAt + seconds * 1000)
            .then(act)
            .then(() => undefined),
        )
      after(0, () => {
        run.startAt = world.now()
        return world.play(scenario)
      })
      for (const { at: second, do: what } of scenario.outside) after(second, () => (what === 'store-down' ? influx.stop() : influx.start()))
      const at = (seconds: number, act: () => Promise<unknown>) => ({ at: startAt + seconds * 1000, act })
      return [
        ...scenario.expect.map((expected) => at(expected.by, async () => run.seen.set(expected, await look(scenario, expected)))),
        at(scenario.seconds, async () => {
          run.seen.set('end', await linesOf(await deskOf(scenario)))
          run.alarms = (await world.system.api<{ alarms: Alarm[] }>('GET', `/alarms?estate=${estateOf(scenario)}&limit=500`)).body.alarms
        }),
      ]
    })
    for (const { at, act } of agenda.sort((a, b) => a.at - b.at)) {
      await world.reached(at)
      await act()
    }
    await Promise.all(beside)
  }

  test.each(scenarios)('$name: what its file expects is on the desk by its second, and nothing it forbids', (scenario) => {
    const { startAt, seen, alarms } = played.get(scenario)!
    for (const expected of scenario.expect) {
      const lines = seen.get(expected)!
      expect(missing(scenario, expected, lines), `second ${expected.by}; on the screen were\n${lines.join('\n')}`).toEqual([])
      const { by, alarm } = expected
      if (alarm && alarm.device !== 'system')
        expect(
          Math.min(...alarms.filter((one) => isOf(scenario, alarm, one)).map(({ raisedAt }) => (raisedAt - startAt) / 1000)),
        ).toBeLessThan(by + JOURNAL_SLACK_S)
    }
    for (const { alarm } of scenario.never) {
      expect(seen.get('end')!.filter((line) => isRowOf(scenario, alarm, line))).toEqual([])
      expect(alarms.filter((one) => isOf(scenario, alarm, one))).toEqual([])
    }
  })

  test('influx-outage: of what came in while the store was away, nothing is missing in it afterwards', async () => {
    const { scenario, startAt } = [...played.values()].find((run) => run.scenario.outside.length > 0)!
    const [down, up] = scenario.outside.map(({ at }) => startAt + at * 1000)
    const said = zoneReadings(world.system.dataDir, estateOf(scenario)).filter(
      (at) => at >= startAt && at <= startAt + scenario.seconds * 1000,
    )
    expect(said.filter((at) => at > down! && at < up!).length).toBeGreaterThan(50)
    const where = `estate = '${estateOf(scenario)}' AND time >= ${startAt}ms AND time <= ${startAt + scenario.seconds * 1000}ms`
    const stored = async () =>
      (await influx.query(`SELECT count(voltage_kv) FROM "fence-zone" WHERE ${where}`, 'estates')).results[0]?.series?.[0]?.values[0]?.[1]
    await until(async () => (await stored()) === said.length, {
      timeoutMs: 60_000,
      what: `${said.length} readings of the fence are stored`,
    })
  })

  test('the screen had no fault of its own, whatever happened; while the store was away it was told so', () => {
    expect(desk.faults.filter((fault) => !fault.includes('503 (Service Unavailable)'))).toEqual([])
  })

  const deskOf = async (scenario: Scenario): Promise<TestPage> => {
    await goTo(desk, `/estates/${estateOf(scenario)}`)
    await desk.page.locator('section.queue :is(.row, .empty)').first().waitFor()
    return desk
  }

  /** The desk for an alarm, a device's own page for a reading, the list of those in that state for a status; looks until all is there, or it is too late. */
  const look = async (scenario: Scenario, expected: Expectation): Promise<readonly string[]> => {
    const selector = (expected.reading ?? expected.status)?.device
    if (selector === undefined) await deskOf(scenario)
    else {
      const list = `/estates/${estateOf(scenario)}/devices/${parseSelector(selector)!.kind}`
      await goTo(desk, expected.reading ? `${list}/${only(scenario, selector).id}` : list)
      if (expected.status) await desk.page.locator('.choice', { hasText: STATUS[expected.status.is] }).click()
    }
    for (const tooLate = Date.now() + SCREEN_SLACK_MS; ;) {
      const lines = await linesOf(desk)
      if (missing(scenario, expected, lines).length === 0 || Date.now() > tooLate) return lines
    }
  }
})

/** Instants of all readings of an estate's fence that the journal holds, each once. */
function zoneReadings(dataDir: string, estate: string): number[] {
  const journal = startJournalReader({ dataDir })
  const said = new Map<string, number>()
  for (const { topic, payload } of exportEntries(journal, { estate })) {
    if (!/\/fence-zone\/.*\/telemetry$/.test(topic)) continue
    const { ts, voltage_kv } = JSON.parse(Buffer.from(payload).toString()) as { readonly ts: number; readonly voltage_kv?: number }
    if (voltage_kv !== undefined) said.set(`${topic} ${ts}`, ts)
  }
  void journal.close()
  return [...said.values()]
}

/** As a press on a link would, without a new load of the page. */
async function goTo({ page }: TestPage, path: string): Promise<void> {
  await page.evaluate((to) => {
    const { history, dispatchEvent } = globalThis as unknown as {
      history: { pushState: (state: null, unused: string, to: string) => void }
      dispatchEvent: (event: Event) => void
    }
    history.pushState(null, '', to)
    dispatchEvent(new Event('popstate'))
  }, path)
}

/** `周界断线 第5防区 437 m | 紧急 未确认` of the queue, who sees it, `门 关着9 s` of a device, `正常 64` and the names of a list. */
function linesOf({ page }: TestPage): Promise<readonly string[]> {
  return page.evaluate(() => {
    interface Part {
      readonly textContent: string | null
      querySelector(selector: string): Part | null
      querySelectorAll(selector: string): Iterable<Part>
    }
    const { document } = globalThis as unknown as { document: Part }
    const words = (part: Part | null) => (part?.textContent ?? '').replace(/\s+/g, ' ').trim()
    const all = (selector: string) => [...document.querySelectorAll(selector)]
    return [
      ...all('.queue .row').map((row) => `${words(row.querySelector('.what .title'))} | ${words(row.querySelector('.what .hidden'))}`),
      ...(/摄像 [\d、]+ 看得见/.exec(words(document.querySelector('.band'))) ?? []),
      ...all('.device .values .one').map((one) => `${words(one.querySelector('dt'))} ${words(one.querySelector('dd'))}`),
      ...all('.choice, .list .row .name').map(words),
    ]
  })
}

/** What of an expectation is not on the screen. */
function missing(scenario: Scenario, { alarm, cameras, reading, status }: Expectation, lines: readonly string[]): string[] {
  const names = cameras?.map((selector) => only(scenario, selector).name.replace(/\D+/g, ''))
  const texts = [
    ...(names ? [`摄像 ${names.join('、')} 看得见`] : []),
    ...Object.entries(reading?.is ?? {}).map(([field, value]) => textOf(only(scenario, reading!.device).kind, field, value)),
    ...(status ? statusTexts(scenario, status) : []),
  ]
  return [
    ...(alarm && !lines.some((line) => isRowOf(scenario, alarm, line)) ? [`${alarm.code} of ${alarm.device}`] : []),
    ...texts.filter((text) => !lines.some((line) => line.startsWith(text))),
  ]
}

const STATUS = { online: '正常', stale: '过期', offline: '离线', unknown: '不明' } as const
const PRIORITY = { 1: '紧急', 2: '重要', 3: '一般' } as const
const STATE: Readonly<Record<string, string>> = { unacknowledged: '未确认', returned: '已恢复 待确认', latched: '待复位' }

function statusTexts({ estate }: Scenario, { device, is }: NonNullable<Expectation['status']>): string[] {
  const devices = selectDevices(parseSelector(device)!, readExample(estate))
  return device.endsWith('/*') ? [`${STATUS[is]} ${devices.length}`] : devices.map(({ name }) => name)
}

function isOf(scenario: Scenario, { device, code }: AlarmExpectation, alarm: Alarm): boolean {
  if (alarm.code !== code) return false
  if (device === 'system') return alarm.kind === 'system'
  return selectDevices(parseSelector(device)!, readExample(scenario.estate)).some(
    ({ kind, id }) => kind === alarm.kind && id === alarm.device,
  )
}

function isRowOf({ estate }: Scenario, { device, code, priority, state, detail }: AlarmExpectation, line: string): boolean {
  const [title = '', hidden = ''] = line.split(' | ')
  if (priority !== undefined && !hidden.startsWith(PRIORITY[priority as 1 | 2 | 3])) return false
  if (state !== undefined && !hidden.endsWith(STATE[state]!)) return false
  if (detail?.['chainage_m'] !== undefined && !title.endsWith(` ${Number(detail['chainage_m'])} m`)) return false
  if (device === 'system') return title.includes(SYSTEM_RULES.find((rule) => rule.code === code)!.name.zh)
  const name = findKind(parseSelector(device)!.kind)!.rules.find((rule) => rule.code === code)!.name.zh
  const named = selectDevices(parseSelector(device)!, readExample(estate)).map((one) => one.name)
  return title.includes(name) && named.some((one) => ` ${title} `.includes(` ${one} `))
}

/** `门 关着` */
function textOf(kind: string, name: string, value: string | number | boolean): string {
  const field = findKind(kind)!.fields[name]!
  if (field.type === 'number') return `${field.label.zh} ${value}${field.unit === '' ? '' : ` ${field.unit}`}`
  return `${field.label.zh} ${(field.labels as Readonly<Record<string, { readonly zh: string }>>)[String(value)]!.zh}`
}

const only = ({ estate }: Scenario, selector: string): EstateDevice => selectDevices(parseSelector(selector)!, readExample(estate))[0]!
