import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DESK, hasChromium, PHONE, startBrowser, type TestBrowser, type TestPage } from '../support/browser.ts'
import { startSystem, type RunningSystem } from '../support/system.ts'
import { until } from '../support/until.ts'

const MOSQUITTO = '/usr/bin/mosquitto_pub'
const WAIT = { timeout: 45_000 }
const LIFT = '/estates/wenxi-251/devices/elevator'

/** Each view, and what is there once it is live. */
const VIEWS = [
  { name: 'estates', path: '/estates', ready: 'tbody tr:nth-child(3)' },
  { name: 'lifts', path: '/estates/wenxi-251/lifts', ready: '[data-lift]' },
  { name: 'cameras', path: '/estates/yangqu-760/devices/camera', ready: '[data-device]' },
  { name: 'bays', path: '/estates/yangqu-760/devices/parking-bay', ready: '.bay.taken, .bay.free' },
  { name: 'device', path: '/estates/yangqu-760/devices/camera/cam-07', ready: 'canvas' },
  { name: 'operations', path: '/operations', ready: 'tbody tr:nth-child(4)' },
  { name: 'rejected', path: '/operations?tab=rejected', ready: '.form select' },
  { name: 'clients', path: '/operations?tab=clients', ready: 'table' },
  { name: 'people', path: '/operations?tab=people', ready: 'tbody tr' },
  { name: 'credentials', path: '/operations?tab=credentials', ready: 'tbody tr' },
  { name: 'estate-files', path: '/operations?tab=estates', ready: 'textarea' },
  { name: 'connect', path: '/estates/yangqu/connect', ready: 'tbody tr' },
  { name: 'account', path: '/account', ready: 'form' },
] as const

describe.skipIf(!hasChromium)('the views beside the desk', () => {
  let system: RunningSystem
  let chromium: TestBrowser
  let desk: TestPage
  let phone: TestPage

  beforeAll(async () => {
    system = await startSystem()
    chromium = await startBrowser()
    desk = await chromium.page({ url: system.url, viewport: DESK })
    phone = await chromium.page({ url: system.url, viewport: PHONE })
    for (const page of [desk, phone]) await page.signIn('admin', system.password)
  }, 180_000)
  afterAll(async () => {
    await chromium.close()
    await system.stop()
  })

  test.each(VIEWS)('$name can be used at both sizes by everyone', async ({ name, path, ready }) => {
    for (const [seen, size] of [
      [desk, '1440'],
      [phone, '390'],
    ] as const) {
      await seen.open(path)
      await seen.page
        .locator(ready)
        .first()
        .waitFor({ ...WAIT, state: 'attached' })
      expect(await seen.axe()).toEqual([])
      expect(await overflowPx(seen)).toBeLessThanOrEqual(0)
      expect(await squeezed(seen)).toEqual([])
      expect(seen.faults).toEqual([])
      await seen.shot(`${name}-${size}`)
    }
  })

  test('estates are walked with the arrow keys and opened with Enter', async () => {
    await desk.open('/estates')
    await desk.page.locator('tbody tr').first().waitFor(WAIT)
    await desk.page.keyboard.press('ArrowDown')
    await desk.page.keyboard.press('ArrowDown')
    const id = await desk.page.locator(':focus').getAttribute('data-estate')
    expect(id).toBe(await desk.page.locator('tbody tr').nth(1).locator('[data-estate]').getAttribute('data-estate'))
    await desk.page.keyboard.press('Enter')
    await desk.page.waitForURL(`**/estates/${id}`)
  })

  test('a list of 260 bays draws only what is in its window, and goes to the end by key', async () => {
    await desk.open('/estates/yangqu-760/devices/parking-bay')
    await desk.page.locator('[data-device]').first().waitFor(WAIT)
    expect(await desk.page.locator('[data-device]').count()).toBeLessThan(60)
    for (let i = 0; i < 20; i++) await desk.page.keyboard.press('PageDown')
    const last = await desk.page.locator('[data-device]').last().getAttribute('data-device')
    expect(await desk.page.locator(':focus').getAttribute('data-device')).toBe(last)
  })

  test('a lift page shows its strip and its history', async () => {
    await desk.open('/estates/wenxi-251/lifts')
    const href = await desk.page.locator('[data-lift]').first().getAttribute('href', WAIT)
    expect(href).toContain(LIFT)
    await desk.open(href!)
    await desk.page.locator('.strip svg').waitFor(WAIT)
    await desk.page.locator('canvas').first().waitFor(WAIT)
    expect(await desk.axe()).toEqual([])
    await desk.shot('lift-1440')
  })

  test('every view speaks English when asked', async () => {
    await desk.open('/estates')
    await desk.page.locator('tbody tr').first().waitFor(WAIT)
    await desk.page.keyboard.press('F9')
    await desk.page.getByText('worst first').waitFor(WAIT)
    for (const { path, ready } of VIEWS) {
      await desk.open(path)
      await desk.page
        .locator(ready)
        .first()
        .waitFor({ ...WAIT, state: 'attached' })
      expect(await overflowPx(desk), path).toBeLessThanOrEqual(0)
    }
    await desk.page.keyboard.press('F9')
  })

  test('a wrong password is said in words, and a guard with one estate lands on its desk', async () => {
    const made = await system.api<{ password: string }>('POST', '/people', {
      username: 'desk-1',
      name: '值班员甲',
      role: 'desk',
      estates: ['yangqu'],
    })
    const guard = await chromium.page({ url: system.url })
    await guard.open('/sign-in')
    await guard.page.locator('input[name="username"]').fill('desk-1')
    await guard.page.locator('input[name="password"]').fill('wrong')
    await guard.page.keyboard.press('Enter')
    await guard.page.getByRole('alert').filter({ hasText: '不对' }).waitFor(WAIT)
    expect(await guard.axe()).toEqual([])
    await guard.shot('sign-in-1440')
    await guard.page.locator('input[name="password"]').fill(made.body.password)
    await guard.page.keyboard.press('Enter')
    await guard.page.waitForURL('**/estates/yangqu', WAIT)
    await guard.close()
  })

  test.skipIf(!existsSync(MOSQUITTO))('a box is connected: made, pasted, understood or refused in words', async () => {
    const { page } = desk
    await desk.open('/estates/yangqu/connect')
    await page.locator('form select').first().selectOption('device', WAIT)
    await page.locator('form select').nth(1).selectOption('elevator')
    const lift = await page.locator('datalist option').first().getAttribute('value')
    await page.locator('form input').fill(lift!)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/connect/dev.yangqu.elevator.*', WAIT)
    await page.getByText(`:${system.mqttPort}`).first().waitFor(WAIT)
    const line = (await page.locator('.line code').textContent())!.trim()
    paste(line)
    await page.locator('.outcome:not(.bad)').first().waitFor(WAIT)
    paste(line.replace(/-m '.*'$/, `-m '{"speed_mps":124}'`))
    await page.getByText('speed_mps 124 超出范围 0–10').waitFor(WAIT)
    expect(await desk.axe()).toEqual([])
    await desk.shot('connect-a-box-1440')

    await desk.open('/operations?tab=rejected')
    await page.getByText('speed_mps 124 超出范围 0–10').first().waitFor(WAIT)
    await desk.shot('rejected-1440')
  })

  test('a lost server is told on the overview, and nothing there looks known any more', async () => {
    await desk.open('/estates')
    await desk.page.locator('tbody tr').first().waitFor(WAIT)
    await desk.page.context().setOffline(true)
    await desk.page.getByText('画面', { exact: false }).first().waitFor(WAIT)
    await until(async () => (await desk.page.locator('.coverage.unknown').count()) > 0, { timeoutMs: 45_000 })
    await desk.shot('estates-lost-1440')
    await desk.page.context().setOffline(false)
    await until(async () => (await desk.page.locator('.coverage.unknown').count()) === 0, { timeoutMs: 45_000 })
  })
})

function overflowPx({ page }: TestPage): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
}

/** Cells whose text is broken into a column of a few characters: three lines or more, none of them four characters wide. */
function squeezed({ page }: TestPage): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll('td, th')]
    .filter((cell) => {
      if (getComputedStyle(cell.closest('thead') ?? cell).clipPath !== 'none') return false // for a screen reader only
      const em = parseFloat(getComputedStyle(cell).fontSize)
      const range = document.createRange()
      range.selectNodeContents(cell)
      const { width, height } = range.getBoundingClientRect()
      return width > 0 && width < 4 * em && height >= 3 * em && cell.textContent.trim().length > 4
    })
    .map((cell) => cell.textContent.trim())`)
}

/** Runs the printed line as it stands. */
function paste(line: string): void {
  execFileSync('/bin/sh', ['-c', line], { timeout: 30_000 })
}
