import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { Alarm } from '../../domain/alarm.ts'
import { builtFile } from '../../project-root.ts'
import { startSystem } from '../support/system.ts'

it(
  'npm run simulate has a running system make credentials, raises what its scenario says, and ends when told',
  { timeout: 180_000 },
  async () => {
    const system = await startSystem()
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [
        builtFile('simulators/simulate'),
        ...['--estate', 'yangqu', '--scenario', 'cut', '--seconds', '5', '--port', String(system.mqttPort)],
        ...['--url', system.url, '--password', system.password, '--rotate'],
      ])
      expect(stdout).toContain('208 devices of yangqu')
      expect(stdout).toMatch(/\d+ messages acknowledged/)
      const { alarms } = (await system.api<{ alarms: Alarm[] }>('GET', '/alarms?estate=yangqu&limit=500')).body
      expect(alarms.find(({ code }) => code === 'cut')).toMatchObject({ kind: 'fence-zone', priority: 1, detail: { chainage_m: 437 } })
    } finally {
      await system.stop()
    }
  },
)
