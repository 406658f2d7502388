import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DESK, hasChromium, PHONE, startBrowser, WALL, type TestBrowser, type TestPage } from '../support/browser.ts'
import { startSystem, type RunningSystem } from '../support/system.ts'
import { until } from '../support/until.ts'

const PATH = '/estates/yangqu-760'
const WAIT = { timeout: 45_000 }
/** The contract: the first load of the desk without a chart, script and style. */
const MOST_KIB = 90

describe.skipIf(!hasChromium)('the security desk', () => {
  let system: RunningSystem
  let chromium: TestBrowser
  let desk: TestPage

  beforeAll(async () => {
    system = await startSystem()
    chromium = await startBrowser()
    desk = await chromium.page({ url: system.url })
    await desk.signIn('admin', system.password, PATH)
    await desk.page.locator('.band .figures').waitFor(WAIT)
  }, 180_000)
  afterAll(async () => {
    await chromium.close()
    await system.stop()
  })

  /** Script and style that come until the whole desk stands with its right column, gzip; then the page for more. */
  async function firstLoad(column: string, more: (seen: TestPage) => Promise<void> = async () => undefined): Promise<number> {
    const seen = await chromium.page({ url: system.url, context: { storageState: await desk.page.context().storageState() } })
    const bodies: Promise<Buffer>[] = []
    seen.page.on('response', (response) => {
      if (/\.(js|css)$/.test(new URL(response.url()).pathname)) bodies.push(response.body())
    })
    await seen.open(PATH)
    await seen.page.locator('.desk .drawing').first().waitFor(WAIT)
    await seen.page.locator(column).waitFor(WAIT)
    const first = await Promise.all(bodies)
    await more(seen)
    expect(seen.faults).toEqual([])
    await seen.close()
    return first.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) / 1024
  }

  test(`loads at most ${MOST_KIB} KiB of script and style at first, then what is not shown yet, and asks nobody else`, async () => {
    const kib = await firstLoad('.right .calm', (seen) => seen.page.locator('.try').waitFor(WAIT))
    expect(kib).toBeGreaterThan(40)
    expect(kib).toBeLessThanOrEqual(MOST_KIB)
  })

  test('is live by long polling where no WebSocket gets through', async () => {
    const seen = await chromium.page({ url: system.url, context: { storageState: await desk.page.context().storageState() } })
    await seen.page.addInitScript(
      'const Real = WebSocket; WebSocket = class extends Real { constructor(url) { super(url + "&EIO=none") } }',
    )
    await seen.open(PATH)
    await seen.page.locator('.band .figures').waitFor(WAIT)
    await seen.page.locator('.desk .drawing').first().waitFor(WAIT)
    await seen.close()
  })

  test.each([
    ['1440', DESK],
    ['1920', WALL],
    ['390', PHONE],
  ])('fits a screen %s px wide in both languages', async (name, viewport) => {
    await desk.page.setViewportSize(viewport)
    for (const language of ['zh', 'en']) {
      const width = await desk.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      const height = await desk.page.evaluate<number>('document.documentElement.scrollHeight - innerHeight')
      expect(width).toBeLessThanOrEqual(0)
      if (viewport !== PHONE) expect(height).toBeLessThanOrEqual(0)
      expect(await desk.axe()).toEqual([])
      if (language === 'zh') await desk.shot(`desk-fit-${name}`)
      await desk.page.keyboard.press('F9')
    }
  })

  test('is worked by keys alone', async () => {
    const { page } = desk
    await page.setViewportSize(DESK)
    await page.keyboard.press('F1')
    await page.getByRole('dialog').waitFor(WAIT)
    expect(await desk.axe()).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ ...WAIT, state: 'hidden' })

    await page.keyboard.press('+')
    await page.locator('.plan.zoomed').waitFor(WAIT)
    await page.keyboard.press('Home')
    await page.locator('.plan.zoomed').waitFor({ ...WAIT, state: 'detached' })

    await page.keyboard.press('F8')
    await page.locator('.top', { hasText: '静音' }).waitFor(WAIT)
  })

  test('shows a cut with its place and who sees it, takes a note with F7 and the acknowledgement with Enter', async () => {
    const { page } = desk
    await system.api('POST', `${PATH}/try`, { scenario: 'cut' })
    await page.locator('.band', { hasText: '周界断线 437 m · 12号楼北侧' }).waitFor(WAIT)
    await page.locator('.seen', { hasText: '摄像15' }).waitFor(WAIT)
    await page.keyboard.press('F7')
    await page.locator('#note').fill('已派人')
    await page.keyboard.press('Enter')
    await page.locator('.notes', { hasText: '已派人' }).waitFor(WAIT)
    await page.keyboard.press('Enter')
    await page.locator('.queue .row', { hasText: '已接' }).waitFor(WAIT)
    expect(await desk.axe()).toEqual([])
    await desk.shot('desk-acknowledged-1440')
    expect(await firstLoad('.right .alarm')).toBeLessThanOrEqual(MOST_KIB)
  })

  test('keeps the alarm page of a phone in reach: buttons at the thumb, plan one tap away', async () => {
    const { page } = desk
    await page.setViewportSize(PHONE)
    await page.locator('.queue .row').first().click()
    const button = page.locator('.alarm .buttons .button').first()
    await button.waitFor(WAIT)
    const box = await until(() => button.boundingBox(), { what: 'the buttons are drawn' })
    expect(box.y + box.height).toBeLessThanOrEqual(PHONE.height)
    expect(box.height).toBeGreaterThanOrEqual(44)
    await desk.shot('desk-alarm-390')
    await page.locator('.to-plan').click()
    await page.locator('.middle .drawing').first().waitFor(WAIT)
    expect(await desk.axe()).toEqual([])
    await desk.shot('desk-plan-390', { fullPage: true })
  })
})
