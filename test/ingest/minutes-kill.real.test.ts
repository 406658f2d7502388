import { spawn } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { HOUR_MS } from '../../domain/clock.ts'
import { projectRoot } from '../../project-root.ts'
import { openSqliteStore } from '../../ingest/stores/sqlite-store.ts'
import { listParts } from '../../ingest/stores/sqlite-tables.ts'
import { openDatabase } from '../../storage/sqlite.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { lift, T0 } from './store-suite.ts'

const NOW = T0 + 2 * HOUR_MS
const DEVICES = 60
const MINUTES = DEVICES * 60

function minutesOf(dataDir: string) {
  const database = openDatabase(join(dataDir, 'telemetry.db'), { readonly: true })
  const made = listParts(database).filter(({ measurement }) => measurement.name === 'elevator_1m')
  const rows = made.flatMap(({ table }) => database.prepare(`select * from "${table}" order by series, ts`).all())
  database.close()
  return rows
}

function minutesLeft(dataDir: string): number {
  const database = openDatabase(join(dataDir, 'telemetry.db'), { readonly: true })
  const left = Number(database.prepare('select count(*) as n from dirty').get()?.['n'])
  database.close()
  return left
}

/** Ends when all minutes are made; killed a moment after so many are left, if told. */
async function makeMinutes(dataDir: string, kill?: { readonly atLeft: number; readonly afterMs: number }): Promise<void> {
  const child = spawn(process.execPath, [join(projectRoot, 'test/support/minutes-child.mjs'), dataDir, String(NOW)], { stdio: 'inherit' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (kill) {
    await until(() => minutesLeft(dataDir) <= kill.atLeft, { timeoutMs: 30_000, what: 'some minutes are made' })
    await new Promise((resolve) => setTimeout(resolve, kill.afterMs))
    child.kill('SIGKILL')
  }
  await ended
}

it('makes the same minutes whether its process was killed with -9 at many moments or never', async () => {
  const [whole, broken] = [makeTempDir(), makeTempDir()]
  const store = openSqliteStore({ dataDir: whole.path, rawDays: 0, minuteDays: 730 })
  for (let device = 0; device < DEVICES; device++)
    await store.write(
      Array.from({ length: 360 }, (_, i) =>
        lift(`k-${device}`, T0 + i * 10_000 + device, { speed_mps: (i * 7 + device) % 10, floor: i % 30 }),
      ),
      device,
    )
  await store.close()
  cpSync(whole.path, broken.path, { recursive: true })

  await makeMinutes(whole.path)
  const expected = minutesOf(whole.path)
  expect(minutesLeft(whole.path)).toBe(0)
  expect(expected).toHaveLength(MINUTES)

  const left: number[] = []
  for (let atLeft = MINUTES - 1; atLeft > 0; atLeft = left.at(-1)! - 1 - Math.floor(Math.random() * 1800)) {
    await makeMinutes(broken.path, { atLeft, afterMs: Math.random() * 10 })
    left.push(minutesLeft(broken.path))
  }
  expect(left.length, `minutes left after each kill: ${left.join(', ')}`).toBeGreaterThan(1)
  await makeMinutes(broken.path)
  expect(minutesOf(broken.path)).toEqual(expected)
  whole.remove()
  broken.remove()
})
