/** Drives the machine's Chromium against a running system: signs in, waits, counts axe violations, keeps screenshots. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { projectRoot } from '../../project-root.ts'

export const CHROMIUM = '/usr/bin/chromium'
export const hasChromium = existsSync(CHROMIUM)
export const DESK = { width: 1440, height: 900 } as const
export const WALL = { width: 1920, height: 1080 } as const
export const PHONE = { width: 390, height: 844 } as const

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const SHOTS = join(projectRoot, 'test', 'screenshots')
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface TestBrowser {
  readonly browser: Browser
  /** A page of its own session; its errors on the console and refused requests are collected in `faults`. */
  page(options: {
    readonly url: string
    readonly viewport?: { width: number; height: number }
    readonly context?: BrowserContextOptions
  }): Promise<TestPage>
  close(): Promise<void>
}

export interface TestPage {
  readonly page: Page
  /** Console errors, exceptions, and requests to anyone but the server. */
  readonly faults: readonly string[]
  /** Signs in through the form and ends up at `path`. */
  signIn(username: string, password: string, path?: string): Promise<void>
  open(path: string): Promise<void>
  /** Keeps `test/screenshots/<name>.png`. */
  shot(name: string, options?: { readonly fullPage?: boolean }): Promise<void>
  /** Rules of WCAG 2.2 AA and best practice that the page breaks, with where. */
  axe(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
  return {
    browser,
    page: async ({ url, viewport = DESK, context: more = {} }) => {
      const context = await browser.newContext({ baseURL: url, viewport, colorScheme: 'dark', locale: 'zh-CN', ...more })
      const page = await context.newPage()
      return testPage(page, url)
    },
    close: () => browser.close(),
  }
}

function testPage(page: Page, url: string): TestPage {
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && host !== new URL(url).host) faults.push(`asked ${request.url()}`)
  })
  const open = async (path: string) => {
    await page.goto(path, { waitUntil: 'domcontentloaded' })
  }
  return {
    page,
    faults,
    open,
    signIn: async (username, password, path = '/estates') => {
      await open(`/sign-in?to=${encodeURIComponent(path)}`)
      await page.locator('input[autocomplete="username"]').fill(username)
      await page.locator('input[type="password"]').fill(password)
      await page.locator('input[type="password"]').press('Enter')
      await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'))
      if (new URL(page.url()).pathname !== path) await open(path)
    },
    shot: async (name, options = {}) => {
      mkdirSync(SHOTS, { recursive: true })
      await page.screenshot({ path: join(SHOTS, `${name}.png`), ...options })
    },
    axe: () => axeViolations(page),
    close: () => page.context().close(),
  }
}

/** axe goes in by evaluate, because the page's content security policy refuses a script tag. */
async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.length}) ${nodes[0]?.html.slice(0, 160) ?? ''}`)
  })
}
