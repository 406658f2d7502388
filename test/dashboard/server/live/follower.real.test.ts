import { afterEach, beforeEach, expect, test } from 'vitest'
import { startJournalWriter } from '../../../../broker/journal/writer.ts'
import { MINUTE_MS } from '../../../../domain/clock.ts'
import type { DeviceState } from '../../../../domain/live.ts'
import { openSqliteStore } from '../../../../ingest/stores/sqlite-store.ts'
import { SMALL_ESTATE } from '../../../estates/small-estate.ts'
import { startTestDashboard, type TestDashboard } from '../../../support/dashboard.ts'
import { makeTempDir } from '../../../support/temp-dir.ts'
import { until } from '../../../support/until.ts'

let dir: ReturnType<typeof makeTempDir>
let server: TestDashboard | undefined
beforeEach(() => {
  dir = makeTempDir()
})
afterEach(async () => {
  await server?.close()
  dir.remove()
})

type Writer = Awaited<ReturnType<typeof startJournalWriter>>
const append = (writer: Writer, receivedAt: number, topic: string, payload: unknown) =>
  writer.append({
    receivedAt,
    client: topic.startsWith('system/') ? 'system' : 'gw.small.gw-1',
    topic,
    payload: Buffer.from(JSON.stringify(payload)),
  })
const lift = async () => (await server!.admin.call<DeviceState[]>('GET', '/estates/small/devices?kind=elevator')).body[0]!

test('a server far behind takes the values of the store, knows no status, is not ready, and catches up', async () => {
  server = await startTestDashboard({ dataDir: dir.path })
  await server.admin.call('POST', '/estates', SMALL_ESTATE)
  await server.close()
  server = undefined

  const past = Date.now() - 10 * MINUTE_MS
  const store = openSqliteStore({ dataDir: dir.path, rawDays: 30, minuteDays: 730, floorBytes: 0 })
  await store.write([{ measurement: 'elevator', estate: 'small', device: 'lift-1-1', ts: past + 5, values: { floor: 5 } }], 1)
  await store.close()
  const writer = await startJournalWriter({ dataDir: dir.path })
  await append(writer, past, 'system/records', { v: 1, revision: 2 })
  await append(writer, past, 'estates/small/elevator/lift-1-1/telemetry', { ts: past, floor: 1 })
  const all = Array.from({ length: 5000 }, (_, i) =>
    append(writer, past + i, 'estates/small/camera/cam-1/telemetry', { ts: past + i, fps: i % 60 }),
  )
  await Promise.all(all)

  // A journal whose newest entry is old too: the server reads to its end and then knows where it is.
  server = await startTestDashboard({ dataDir: dir.path })
  await until(async () =>
    (await server!.call<{ live: { catchingUp: boolean } }>('GET', '/readyz')).body.live.catchingUp ? undefined : true,
  )
  expect(await lift()).toMatchObject({ reading: { floor: 5 }, observedAt: past + 5 })
  await append(writer, Date.now(), 'estates/small/elevator/lift-1-1/telemetry', { ts: Date.now(), floor: 6 })
  await until(async () => (await lift()).reading?.['floor'] === 6)
  expect((await lift()).status).toBe('online')
  await writer.close()
})
