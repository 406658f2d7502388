import type { MqttClient } from 'mqtt'
import { afterEach, describe, expect, test } from 'vitest'
import type { BrokerStats } from '../../domain/broker-stats.ts'
import type { JournalEntry } from '../../domain/journal.ts'
import type { Presence, SystemFault, Tick } from '../../domain/system.ts'
import { makeCredential, startTestBroker, type TestBroker } from '../support/broker.ts'
import { makeSmallDisk, whyNoMount, type DiskKind, type SmallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'

const gateway = makeCredential({ type: 'gateway', estate: 'e1', gateway: 'g1' })
const camera = 'estates/e1/camera/c1/telemetry'
const fence = 'estates/e1/fence-zone/z1/event'
const cut = (n: number) => Buffer.from(JSON.stringify({ ts: n, code: 'cut', active: true, pad: 'x'.repeat(200_000) }))

const why = whyNoMount()
/** A busy machine takes long for so many bytes. */
const TIMEOUT_MS = 180_000
const kinds: readonly DiskKind[] = ['tmpfs', 'ext4']
const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(kind: DiskKind): Promise<{ readonly disk: SmallDisk; readonly broker: TestBroker }> {
  // Larger than what may be used: a closed database gives its space back only when the collector has met its handle.
  const disk = makeSmallDisk(kind, 300)
  closing.push(() => disk.unmount())
  disk.leave(120)
  const broker = await startTestBroker({
    folder: disk.path,
    env: { DISK_FLOOR_MIB: '90' },
    credentials: [gateway],
    segmentBytes: 4 << 20,
    retentionEveryMs: 50,
    trimAfterMs: 0,
    holdMs: 300,
  })
  closing.push(() => broker.close())
  return { disk, broker }
}

describe.runIf(why === undefined)(`the disk fills up${why === undefined ? '' : ` (nothing can be mounted here: ${why})`}`, () => {
  test.each(kinds)(
    'step by step on %s, and nothing that was acknowledged is lost; with room again it goes on by itself',
    { timeout: TIMEOUT_MS },
    async (kind) => {
      const { disk, broker } = await start(kind)
      const stageNow = async () => (await broker.link.request<BrokerStats>('stats')).disk.stage
      const payloadsOf = <T>(entries: readonly JournalEntry[], topic: string) =>
        entries.flatMap((entry) => (entry.topic === topic ? [JSON.parse(Buffer.from(entry.payload).toString()) as T] : []))
      /** Of the last dozen entries: the journal is long. */
      const payloadsOn = <T>(topic: string) => {
        const last: JournalEntry[] = []
        const head = broker.journal.head()
        for (let cursor = Math.max(0, head - 12); cursor < head; cursor = last.at(-1)!.seq) last.push(...broker.journal.read(cursor, 12))
        return payloadsOf<T>(last, topic)
      }
      const acked: number[] = []
      let n = 0
      /** @returns false when the connection ended without an acknowledgement. */
      const publish = async (client: MqttClient) => {
        const mine = n++
        let isClosed = false
        const onClose = () => (isClosed = true)
        client.once('close', onClose)
        client.publish(fence, cut(mine), { qos: 1 }, (error) => {
          if (!error) acked.push(mine)
        })
        await until(() => isClosed || acked.at(-1) === mine)
        client.off('close', onClose)
        return acked.at(-1) === mine
      }
      let client = await broker.connect(gateway)

      // low: everything is taken, the alarm stands
      expect(await stageNow()).toBe('low')
      await client.publishAsync(camera, '{"fps":1}', { qos: 1 })
      await until(() => payloadsOn<SystemFault>('system/fault').length > 0)

      // floor: what can wait is not acknowledged, a cut fence is
      while ((await stageNow()) === 'low') await publish(client)
      let isAcked = false
      client.publish(camera, '{"fps":2}', { qos: 1 }, (error) => (isAcked = !error))
      expect(await publish(client)).toBe(true)
      expect([await stageNow(), isAcked, client.connected]).toEqual(['floor', false, true])

      // full: a cut fence got through until now; no acknowledgement, disconnection, CONNECT refused, ticks say so
      while (await publish(client));
      expect([await stageNow(), isAcked]).toEqual(['full', false])
      expect(disk.freeMib()).toBeGreaterThan(40)
      await expect(broker.connect(gateway)).rejects.toMatchObject({ code: 3 })
      await until(() => payloadsOn<Tick>('system/tick').at(-1)?.intake === false)
      await until(() => payloadsOn<Presence>('system/presence').at(-1)?.what === 'closed-by-us')
      const cuts = () =>
        broker.entries().flatMap(({ topic, payload }) => (topic === fence ? [Number(/\d+/.exec(Buffer.from(payload).toString())![0])] : []))
      expect(cuts()).toEqual(acked)

      // our own messages have the last of it; then not a block is left, and the process lives
      disk.leave(3)
      await broker.link.append('system/fault', { v: 1, code: 'internal-error', active: true, detail: 'still taken' })
      disk.leave(0)
      await until(async () => {
        const filler = { v: 1, code: 'internal-error', active: true, detail: 'x'.repeat(100_000) }
        return broker.link.append('system/fault', filler).then(
          () => false,
          (error: unknown) => (error as { code?: string }).code === 'disk-full',
        )
      })
      expect(await stageNow()).toBe('full')

      // all consumers have passed: segments are given back by themselves, and the fence gets through again
      disk.leave(66)
      expect(await stageNow()).toBe('full')
      const { head } = (await broker.link.request<BrokerStats>('stats')).journal
      expect(cuts()).toEqual(acked)
      for (const name of ['ingest', 'alarms', 'dashboard']) await broker.link.request('committed', { name, cursor: head })
      client = await until(() => broker.connect(gateway).catch(() => undefined))
      expect(await publish(client)).toBe(true)

      // room: telemetry too, the alarm has stood all the time
      disk.leave(110)
      await until(async () => (await stageNow()) === 'low')
      client = await until(() => broker.connect(gateway).catch(() => undefined))
      await client.publishAsync(camera, '{"fps":3}', { qos: 1 })
      expect(await publish(client)).toBe(true)
      expect(cuts().slice(-2)).toEqual(acked.slice(-2))
      expect(payloadsOf<SystemFault>(broker.entries(), 'system/fault').every(({ active }) => active)).toBe(true)
      await until(() => payloadsOn<Tick>('system/tick').at(-1)?.intake === true)
    },
  )
})
