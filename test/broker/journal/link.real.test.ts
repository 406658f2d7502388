import { afterEach, beforeEach, expect, test } from 'vitest'
import { startConsumer } from '../../../broker/journal/consumer.ts'
import { startBrokerLink } from '../../../broker/journal/link.ts'
import { startJournalReader } from '../../../broker/journal/reader.ts'
import { silentLog, startTestBroker, type TestBroker } from '../../support/broker.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import { until } from '../../support/until.ts'

let broker: TestBroker
beforeEach(async () => {
  broker = await startTestBroker()
})
afterEach(() => broker.close())

test('appends are numbered in their order and seen by a consumer that is only nudged', async () => {
  const journal = startJournalReader({ dataDir: broker.dataDir, pollMs: 3_600_000 })
  const seen: string[] = []
  const consumer = startConsumer({
    journal,
    cursor: journal.head(),
    handle: (entries) => {
      for (const { topic, payload } of entries) if (topic === 'system/action') seen.push(Buffer.from(payload).toString())
    },
    log: silentLog,
  })
  await until(() => broker.link.connected())
  const seqs = await Promise.all(Array.from({ length: 50 }, (_, n) => broker.link.append('system/action', { n })))
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
  await until(() => seen.length === 50)
  expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => `{"n":${n}}`))
  await consumer.close()
  await journal.close()
})

test('a call made while the broker is away waits for it, and a consumer follows over its restart', async () => {
  const appended: Promise<number>[] = []
  const restarting = broker.restart()
  for (let n = 0; n < 20; n++) {
    appended.push(broker.link.append('system/action', { n }, { timeoutMs: 20_000 }))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await restarting
  const seqs = await Promise.all(appended)
  await until(() => broker.journal.head() >= Math.max(...seqs))
  const ns = broker
    .entries()
    .filter(({ topic }) => topic === 'system/action')
    .map(({ payload }) => (JSON.parse(Buffer.from(payload).toString()) as { n: number }).n)
  expect(new Set(ns).size).toBe(20)
})

test('a call to a broker that does not come is given up in its time', async () => {
  const temp = makeTempDir()
  const link = startBrokerLink({ dataDir: temp.path })
  await expect(link.append('system/action', {}, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'broker-away' })
  const pending = link.request('stats')
  await link.close()
  await expect(pending).rejects.toMatchObject({ code: 'broker-away' })
  temp.remove()
})

test('works in a folder whose path is too long for a unix socket', async () => {
  const deep = await startTestBroker({ subfolder: `${'a-long-name-'.repeat(10)}/${'b'.repeat(60)}` })
  expect(await deep.link.append('system/action', { n: 1 })).toBeGreaterThan(0)
  await deep.close()
})
