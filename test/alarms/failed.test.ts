import { expect, test } from 'vitest'
import { failingRules } from './failing-rules.ts'
import { startBench } from './harness.ts'

test('a rule that throws is an alarm and a letter that names entry, rule and device; the other rules are judged all the same', () => {
  const bench = startBench({ ruleSet: failingRules() })
  bench.telemetry('camera/cam-3', { temperature_celsius: 70, video: 'lost' })
  const { seq, topic, client, payload } = bench.entries.at(-1)!
  expect(bench.open().sort()).toEqual(['internal-error returned', 'too-hot unacknowledged', 'video-lost unacknowledged'])
  expect(bench.alarm('internal-error').detail['detail']).toContain(`rule camera.blurred on test-estate/camera/cam-3: RangeError`)
  expect(bench.failed).toEqual([
    {
      v: 1,
      seq,
      topic,
      client,
      payloadBase64: Buffer.from(payload).toString('base64'),
      detail: `Judging entry ${seq} failed in rule camera.blurred on test-estate/camera/cam-3: RangeError: no such picture`,
    },
  ])
  bench.telemetry('camera/cam-3', { temperature_celsius: 20, video: 'ok' })
  expect(bench.failed).toHaveLength(1)
  expect(bench.open().sort()).toEqual(['internal-error returned', 'too-hot returned', 'video-lost returned'])
})

test('a rule that throws when the second hand comes to it keeps no other device from being looked at', () => {
  const bench = startBench({ ruleSet: failingRules() })
  bench.telemetry('camera/cam-1', { temperature_celsius: 70 })
  bench.telemetry('camera/cam-2', { temperature_celsius: 20 })
  bench.seconds(60)
  const silent = bench.alarms().filter(({ code }) => code === 'silent')
  expect(silent.map(({ device }) => device)).toEqual(['cam-1', 'cam-2'])
  expect(bench.failed.at(-1)).toMatchObject({ topic: 'system/tick', client: 'system' })
})

test('a message of our own that cannot be worked on is kept as well, and the engine goes on', () => {
  const bench = startBench()
  bench.append('system/presence', 'not json')
  expect(bench.failed).toMatchObject([{ topic: 'system/presence', detail: expect.stringContaining('SyntaxError') as string }])
  expect(bench.open()).toEqual(['internal-error returned'])
  bench.event('fence-zone/zone-1', { code: 'cut', active: true })
  expect(bench.open()).toContain('cut unacknowledged')
})
