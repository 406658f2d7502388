import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Alarm } from '../domain/alarm.ts'
import { readScenario } from '../simulators/scenario-files.ts'
import { DESK, hasChromium, PHONE, startBrowser, type TestBrowser, type TestPage } from './support/browser.ts'
import { startInflux, whyNoInflux, type InfluxServerUnderTest } from './support/influx.ts'
import { askSimulator } from './support/simulator.ts'
import { startSystem, type RunningSystem } from './support/system.ts'
import { until } from './support/until.ts'

const ESTATE = 'yangqu-760'
const WAIT = { timeout: 30_000 }
/** How much later than its file says a step of a scenario may be on the screen: what the machine takes, not what the line takes. */
const SLACK_S = 5

describe.skipIf(!hasChromium || whyNoInflux() !== undefined)('from a device to the screen, with InfluxDB', () => {
  let influx: InfluxServerUnderTest
  let system: RunningSystem
  let chromium: TestBrowser
  let desk: TestPage

  beforeAll(async () => {
    influx = await startInflux()
    system = await startSystem({ env: { INFLUX_URL: influx.url, INFLUX_DB: 'estates' } })
    chromium = await startBrowser()
    // no blinking, so that every picture shows the alarm's shape as it is
    desk = await chromium.page({ url: system.url, viewport: DESK, context: { reducedMotion: 'reduce' } })
    await desk.signIn('admin', system.password, `/estates/${ESTATE}`)
  }, 180_000)
  afterAll(async () => {
    await chromium.close()
    await system.stop()
    await influx.close()
  })

  const band = (text: string) => desk.page.locator('.band').filter({ hasText: text }).first()
  const row = (text: string) => desk.page.locator('.queue .row').filter({ hasText: text }).first()
  const standing = async (): Promise<Alarm[]> =>
    (await system.api<{ alarms: Alarm[] }>('GET', `/alarms?estate=${ESTATE}&standing=true&limit=500`)).body.alarms
  const alarmOf = async (code: string) => (await standing()).find((alarm) => alarm.code === code)

  test('a quiet desk proves itself: no alarm, and x of y for each kind', async () => {
    await band('没有告警').waitFor(WAIT)
    for (const coverage of ['64/64', '1,100/1,100', '260/260', '6/6']) await band(coverage).waitFor(WAIT)
    expect(await desk.axe()).toEqual([])
    await desk.shot('desk-quiet-1440')
  })

  test('an intrusion is on the screen by the second that its scenario says, with the place and who sees it', async () => {
    const { expect: expected } = readScenario('intrusion')
    const startedAt = Date.now()
    await askSimulator(system.dataDir, { estate: ESTATE, scenario: 'intrusion' })
    const by = (code: string) => expected.find(({ alarm }) => alarm?.code === code)!.by
    await row('触网').waitFor(WAIT)
    expect((Date.now() - startedAt) / 1000).toBeLessThan(by('touch') + SLACK_S)
    await band('断线 437 m').waitFor(WAIT)
    expect((Date.now() - startedAt) / 1000).toBeLessThan(by('cut') + SLACK_S)
    await band('12号楼北侧').waitFor(WAIT)
    await band('摄像 15、16 看得见').waitFor(WAIT)
    await band('西门').waitFor(WAIT)
    expect(await desk.axe()).toEqual([])
    await desk.shot('desk-cut-1440')
    expect(desk.faults).toEqual([])
  })

  test('Enter acknowledges it, and who and when are kept; a reset is refused with its reason while the wire is cut', async () => {
    await desk.page.keyboard.press('Enter')
    const cut = await until(
      async () => {
        const alarm = await alarmOf('cut')
        return alarm?.state === 'acknowledged' ? alarm : undefined
      },
      { timeoutMs: 20_000 },
    )
    expect(cut).toMatchObject({ acknowledgedBy: 'admin', priority: 1, detail: { chainage_m: 437 } })
    expect(cut.acknowledgedAt).toBeGreaterThan(cut.raisedAt)
    await desk.page.getByText('情况还在').first().waitFor(WAIT)
  })

  test('a person shut in a lift takes the band over, on the desk and on a phone', async () => {
    const { priority } = readScenario('entrapment').expect[0]!.alarm!
    await askSimulator(system.dataDir, { estate: ESTATE, scenario: 'entrapment' })
    await band('困人').waitFor(WAIT)
    expect((await alarmOf('entrapment'))?.priority).toBe(priority)
    await desk.shot('desk-entrapment-1440')
    const phone = await chromium.page({ url: system.url, viewport: PHONE, context: { reducedMotion: 'reduce' } })
    await phone.signIn('admin', system.password, `/estates/${ESTATE}`)
    await phone.page.locator('.band').filter({ hasText: '困人' }).first().waitFor(WAIT)
    expect(await phone.axe()).toEqual([])
    await phone.shot('desk-entrapment-390')
    await phone.page.locator('.queue .row').filter({ hasText: '困人' }).first().click()
    await phone.page.getByText('门').first().waitFor(WAIT)
    expect(await phone.axe()).toEqual([])
    await phone.shot('alarm-390', { fullPage: true })
    await phone.close()
  })

  test('with InfluxDB away a new alarm is on the screen all the same, and nothing is missing once it is back', async () => {
    await influx.stop()
    const publishedAt = await askSimulator(system.dataDir, {
      estate: ESTATE,
      device: 'fence-zone/zone-9',
      do: 'cut',
      with: { chainage_m: 850 },
    })
    await row('第9防区').waitFor(WAIT)
    await until(async () => (await system.api<{ store: { state: string } }>('GET', '/operations')).body.store.state !== 'up', {
      timeoutMs: 30_000,
    })
    const to = Date.now()
    await influx.start()
    type History = { fields: { voltage_kv?: [number, number, number, number][] } }
    const path = `/estates/${ESTATE}/fence-zone/zone-9/history?fields=voltage_kv&from=${publishedAt - 1000}&to=${to}&points=300`
    await until(async () => ((await system.api<History>('GET', path)).body.fields.voltage_kv ?? []).length > 0, {
      timeoutMs: 60_000,
      what: 'a reading of the zone that came in while the store was away',
    })
  })

  test('the try-it strip prints the true time from publish to screen', async () => {
    await askSimulator(system.dataDir, { estate: ESTATE, device: 'fence-zone/zone-5', do: 'clear' })
    await until(
      async () =>
        (await alarmOf('cut'))?.device !== 'zone-5' ||
        (await standing()).some(({ device, state }) => device === 'zone-5' && state === 'latched'),
      {
        timeoutMs: 20_000,
      },
    )
    await desk.page.getByRole('button', { name: '437 m 断线' }).click()
    const text = await desk.page
      .getByText(/上屏 \d+ ms/)
      .first()
      .textContent(WAIT)
    expect(Number(/上屏 (\d+) ms/.exec(text!)![1])).toBeGreaterThan(0)
  })

  test('a lost line is unmistakable, keeps the urgent alarm as an old one, and heals by itself', async () => {
    const lostAt = Date.now()
    await desk.page.context().setOffline(true)
    await band('画面').waitFor(WAIT)
    expect(Date.now() - lostAt).toBeLessThan(3000 + SLACK_S * 1000)
    await desk.page.getByText('断线前的告警').first().waitFor(WAIT)
    expect(await desk.axe()).toEqual([])
    await desk.shot('desk-lost-1440')
    await desk.page.context().setOffline(false)
    await until(async () => (await desk.page.getByText('断线前的告警').count()) === 0, {
      timeoutMs: 30_000,
      what: 'the live picture is back',
    })
  })
})
