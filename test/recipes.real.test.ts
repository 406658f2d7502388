import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../project-root.ts'
import { makeTempDir } from './support/temp-dir.ts'

/** A copy of the sources in which the two recipes of CONTRIBUTING.md are followed. */
const temp = makeTempDir()
const copy = (path: string) => join(temp.path, path)

beforeAll(() => {
  const SOURCES = ['domain', 'devices', 'storage', 'estates', 'broker', 'ingest', 'alarms', 'simulators', 'scripts', 'test/support']
  for (const folder of SOURCES) cpSync(join(projectRoot, folder), copy(folder), { recursive: true })
  for (const file of ['package.json', 'tsconfig.json', 'config.mjs', 'config.d.mts', 'config.ts', 'log.ts', 'project-root.ts'])
    cpSync(join(projectRoot, file), copy(file))
  symlinkSync(join(projectRoot, 'node_modules'), copy('node_modules'))
  mkdirSync(copy('toy'))
})
afterAll(() => temp.remove())

function addLine(file: string, line: string): void {
  writeFileSync(copy(file), `${readFileSync(copy(file), 'utf8')}${line}\n`)
}

/** Runs a test file of the copy and gives what it printed when it failed. */
function runInCopy(test: string): string {
  writeFileSync(copy('toy/toy.test.ts'), test)
  writeFileSync(copy('vitest.config.ts'), "export default { test: { include: ['toy/*.test.ts'] } }\n")
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(projectRoot, 'node_modules/vitest/vitest.mjs'), 'run', '--root', temp.path],
    {
      cwd: temp.path,
      encoding: 'utf8',
    },
  )
  return status === 0 ? 'passed' : stdout + stderr
}

const READ_ENTRY = `
const entry = (topic: string, payload: string) => ({ seq: 1, receivedAt: 1_700_000_000_000, client: 'gw.a.b', topic, payload: Buffer.from(payload) })
const context = { findDevice: () => true, rawDays: 30 }
`

describe('CONTRIBUTING.md', () => {
  it('"Add a device kind": one folder and one line, and its messages are decoded, its file parts checked, its fields in the contract', () => {
    mkdirSync(copy('devices/water-meter'))
    writeFileSync(
      copy('devices/water-meter/kind.ts'),
      `import type { KindDefinition } from '../../domain/device-kind.ts'
export const waterMeter: KindDefinition = {
  kind: 'water-meter',
  name: { zh: '水表', en: 'Water meter' },
  fields: { flow_m3_h: { type: 'number', label: { zh: '流量', en: 'Flow' }, unit: 'm³/h', min: 0, max: 50 } },
  events: ['leak'],
  expectedIntervalMs: () => 60_000,
  rules: [],
}
`,
    )
    writeFileSync(
      copy('devices/water-meter/site.ts'),
      "import { z } from 'zod'\nexport const site = z.strictObject({ block: z.string() })\n",
    )
    writeFileSync(copy('devices/water-meter/simulate.ts'), readFileSync(copy('devices/gateway/simulate.ts'), 'utf8'))
    addLine('devices/kinds.ts', "export { waterMeter } from './water-meter/kind.ts'")

    const outcome = runInCopy(`import { expect, it } from 'vitest'
import { SITES } from '../devices/sites.ts'
import { decode } from '../ingest/decode.ts'
import { toPoints } from '../ingest/point.ts'
import { asyncApi } from '../scripts/asyncapi.ts'
${READ_ENTRY}
it('works', () => {
  const [reading] = decode(entry('estates/a/water-meter/m-1/telemetry', '{"flow_m3_h":1.5}'), context)
  expect(reading).toMatchObject({ ok: true, observation: { type: 'reading', kind: 'water-meter', values: { flow_m3_h: 1.5 } } })
  const [event] = decode(entry('estates/a/water-meter/m-1/event', '{"code":"leak","active":true}'), context)
  expect(event).toMatchObject({ ok: true, observation: { type: 'event', code: 'leak' } })
  const [bad] = decode(entry('estates/a/water-meter/m-1/telemetry', '{"flow_m3_h":99}'), context)
  expect(bad).toMatchObject({ ok: false, reason: 'out-of-range', field: 'flow_m3_h' })
  if (reading.ok) expect(toPoints(reading.observation)).toMatchObject([{ measurement: 'water-meter', values: { flow_m3_h: 1.5 } }])
  expect(SITES.get('water-meter').safeParse({ block: 'b-1' }).success).toBe(true)
  expect(JSON.stringify(asyncApi())).toContain('estates/{estate}/water-meter/{device}/telemetry')
})
`)
    expect(outcome).toBe('passed')
  })

  it('"Add a wire format": one file and one line, and its messages become readings of a known kind', () => {
    writeFileSync(
      copy('ingest/formats/toy.ts'),
      `import type { WireFormat } from './format.ts'
/** toy/<estate>/<bay> with the one letter F or O. */
export const toy: WireFormat = {
  name: 'toy',
  accepts: (topic) => topic.startsWith('toy/'),
  read: ({ topic, payload }) => {
    const [, estate = '', device = ''] = topic.split('/')
    const status = { F: 'free', O: 'occupied' }[new TextDecoder().decode(payload)]
    return [{ device: { estate, kind: 'parking-bay', device }, statements: [{ type: 'telemetry', ts: undefined, fields: { status } }] }]
  },
}
`,
    )
    addLine('ingest/formats/formats.ts', "export { toy } from './toy.ts'")
    const outcome = runInCopy(`import { expect, it } from 'vitest'
import { decode } from '../ingest/decode.ts'
${READ_ENTRY}
it('works', () => {
  expect(decode(entry('toy/a/bay-001', 'O'), context)).toMatchObject([
    { ok: true, observation: { type: 'reading', kind: 'parking-bay', device: 'bay-001', values: { status: 'occupied' } } },
  ])
})
`)
    expect(outcome).toBe('passed')
  })
})
