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
import { lift, T0 } from './store-suite.ts'

const NOW = T0 + 2 * HOUR_MS
const DEVICES = 80
const MOST_KILLS = 8

function minutesOf(dataDir: string) {
  const database = openDatabase(join(dataDir, 'telemetry.db'), { readonly: true })
  const made = listParts(database).filter(({ measurement }) => measurement.name === 'elevator_1m')
  const rows = made.flatMap(({ table }) => database.prepare(`select * from "${table}" order by series, ts`).all())
  const left = Number(database.prepare('select count(*) as n from dirty').get()?.['n'])
  database.close()
  return { rows, left }
}

/** @returns whether it was killed before it had made all minutes. */
async function makeMinutes(dataDir: string, killAfterMs?: number): Promise<boolean> {
  const child = spawn(process.execPath, [join(projectRoot, 'test/support/minutes-child.mjs'), dataDir, String(NOW)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const signal = await ended
  clearTimeout(timer)
  return signal === 'SIGKILL'
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
  expect(expected).toMatchObject({ left: 0 })
  expect(expected.rows.length).toBeGreaterThanOrEqual(DEVICES * 60)

  let kills = 0
  const left: number[] = []
  while (kills < MOST_KILLS && (await makeMinutes(broken.path, 10 + Math.random() * 60))) {
    kills++
    left.push(minutesOf(broken.path).left)
  }
  if (kills === MOST_KILLS) await makeMinutes(broken.path)
  expect(kills).toBeGreaterThan(2)
  expect(new Set(left).size, `minutes left after each kill: ${left.join(', ')}`).toBeGreaterThan(2)
  expect(minutesOf(broken.path)).toEqual(expected)
  whole.remove()
  broken.remove()
})
