import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../project-root.ts'
import { otherNode } from './support/other-node.ts'
import { startSystem } from './support/system.ts'
import { until } from './support/until.ts'

/** What touches a database file: the adapter, the journal, the embedded telemetry store, the records, dead letters. */
const STORAGE_SUITE = [
  'test/storage',
  'test/broker/journal/journal',
  'test/ingest/sqlite',
  'test/ingest/dead-letters',
  'test/dashboard/server/records',
]

describe.each(['20.19.6', '22.23.3', '24.21.0'])('on Node %s', (version) => {
  it('the whole system starts and a simulated reading comes through to the API', { timeout: 120_000 }, async () => {
    const system = await startSystem({ node: otherNode(version) })
    const about = await system.api<{ node: string }>('GET', '/about')
    expect(about.body.node).toContain(version)
    await until(
      async () => {
        const devices = await system.api<{ status: string }[]>('GET', '/estates/yangqu-760/devices?kind=fence-zone')
        return devices.body.filter(({ status }) => status === 'online').length === 11
      },
      { timeoutMs: 30_000, what: 'eleven zones online' },
    )
    expect((await system.stop()).code).toBe(0)
  })

  it('the storage suite passes', { timeout: 180_000 }, () => {
    const { status, stdout, stderr } = spawnSync(otherNode(version), ['node_modules/vitest/vitest.mjs', 'run', ...STORAGE_SUITE], {
      cwd: projectRoot,
      encoding: 'utf8',
    })
    expect(status, stdout + stderr).toBe(0)
  })
})

it('an older Node is told in one sentence what is needed', () => {
  const { status, stdout, stderr } = spawnSync(otherNode('18.20.8'), ['start.mjs'], { cwd: projectRoot, encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stdout).toBe('')
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain('needs Node 20.19 or later')
})
