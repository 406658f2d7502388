import { afterEach, expect, test } from 'vitest'
import { startAlarms } from '../../alarms/role.ts'
import type { AlarmChanged } from '../../domain/system.ts'
import { openDeadLetters } from '../../ingest/dead-letters.ts'
import { startIngest } from '../../ingest/role.ts'
import { silentLog } from '../support/broker.ts'
import { until } from '../support/until.ts'
import { ESTATE } from './estate.ts'
import { failingRules } from './failing-rules.ts'
import { startLine } from './line.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

test('an entry on which a rule throws becomes a dead letter and an alarm, and the engine goes on', async () => {
  const line = await startLine()
  closers.push(() => line.broker.close())
  const { config, dataDir } = line.broker
  const ingest = await startIngest(config, silentLog)
  closers.push(() => ingest.close())
  const alarms = await startAlarms(config, silentLog, failingRules())
  closers.push(() => alarms.close())
  const topic = `estates/${ESTATE}/camera/cam-3/telemetry`
  const payload = JSON.stringify({ ts: Date.now(), temperature_celsius: 60 })
  const box = await line.connect()
  await box.publishAsync(topic, payload, { qos: 1 })
  const seq = line.broker.entries().find((entry) => entry.topic === topic)!.seq
  await box.publishAsync(`estates/${ESTATE}/fence-zone/zone-1/event`, JSON.stringify({ code: 'cut', active: true }), { qos: 1 })

  const told = () => line.said<AlarmChanged>('system/alarm').map(({ alarm }) => alarm.code)
  await until(() => told().includes('cut') && told().includes('internal-error'))
  const letters = openDeadLetters({ dataDir })
  closers.push(() => letters.close())
  const [letter] = await until(() => {
    const found = letters.list({ reason: 'internal-error' }).deadLetters
    return found.length > 0 ? found : undefined
  })
  expect(letter).toMatchObject({
    client: `gw.${ESTATE}.gw-1`,
    topic,
    payload,
    detail: `Judging entry ${seq} failed in rule camera.blurred on ${ESTATE}/camera/cam-3: RangeError: no such picture`,
  })
  expect(letters.counts()).toEqual({ 'internal-error': 1 })
})
