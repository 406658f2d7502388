import { chromium, type Browser, type Page } from 'playwright-core'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../../project-root.ts'
import { startTestDashboard, type TestDashboard } from '../../support/dashboard.ts'

const CHROMIUM = '/usr/bin/chromium'
const isBuilt = existsSync(join(projectRoot, 'dist', 'web', 'index.html'))

// Without a browser there is nothing to see: npm test says so and installs it when it runs as root.
describe.skipIf(!existsSync(CHROMIUM))('in a browser, over plain HTTP under a name that is not localhost', () => {
  let server: TestDashboard
  let browser: Browser
  let url: string
  beforeAll(async () => {
    server = await startTestDashboard({ env: { HOST: '127.0.0.1' } })
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--host-resolver-rules=MAP estate.lan 127.0.0.1'],
    })
    url = server.url.replace('127.0.0.1', 'estate.lan')
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  /** Every address that the page asks for, and what the policy forbade. */
  async function open(path: string): Promise<{ page: Page; asked: string[]; blocked: string[] }> {
    const page = await browser.newPage()
    const asked: string[] = []
    const blocked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) blocked.push(message.text())
    })
    await page.goto(`${url}${path}`)
    return { page, asked, blocked }
  }

  test('the description of the API can be read', async () => {
    const { page, asked } = await open('/api/docs')
    await page.getByText('Put an estate in force').first().waitFor({ timeout: 30_000 })
    expect(asked.filter((address) => !address.startsWith(`${url}/`) && !address.startsWith('data:'))).toEqual([])
  })

  test.skipIf(!isBuilt)('the application opens at any of its addresses, and asks nobody else for anything', async () => {
    const { page, asked, blocked } = await open('/estates/yangqu')
    await page.locator('input[type=password]').waitFor({ timeout: 30_000 })
    expect(asked.filter((address) => !address.startsWith(`${url}/`) && !address.startsWith('data:'))).toEqual([])
    expect(blocked).toEqual([])
    const script = asked.find((address) => address.endsWith('.js'))!
    const answer = await fetch(script.replace('estate.lan', '127.0.0.1'), { headers: { 'accept-encoding': 'br' } })
    expect([answer.headers.get('content-encoding'), answer.headers.get('cache-control')]).toEqual([
      'br',
      'public, max-age=31536000, immutable',
    ])
  })
})
