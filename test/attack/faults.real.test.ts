import { expect, test } from 'vitest'
import { runFaults } from '../../bench/faults/faults.ts'
import { readFaultOptions } from '../../bench/faults/options.ts'
import { planKills } from '../../bench/faults/plan.ts'

test('whom to kill and when follows from the seed alone, everybody once before anybody twice', () => {
  const options = { kills: 60, seed: 7, influx: true }
  const plan = planKills(options)
  expect(planKills(options)).toEqual(plan)
  expect(planKills({ ...options, seed: 8 })).not.toEqual(plan)
  expect(new Set(plan.slice(0, 6).map(({ victim }) => victim)).size).toBe(6)
  expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).sort((a, b) => a - b))
  expect(plan.at(-1)!.atMs).toBeLessThan(300_000)
})

test('a wrong option is named', () => {
  expect(() => readFaultOptions(['--kills', '0', '--rate', 'x'])).toThrow('--kills must be a whole number from 1 to 10,000\n--rate must be')
  expect(() => readFaultOptions(['--kill', '3'])).toThrow(RangeError)
})

// The whole of it is `npm run faults`.
test(
  'roles and supervisor killed under load: nothing acknowledged is lost or doubled, alarms are as if nothing had happened',
  { timeout: 400_000 },
  async () => {
    const said: string[] = []
    const report = await runFaults({ kills: 6, seed: 11, rate: 400, influx: false, meanGapMs: 1500 }, (line) => said.push(line))
    expect(report.figures, said.join('\n')).toMatchObject({ kills: 6, missing: 0, doubled: 0, alarms_missing: 0, alarms_doubled: 0 })
    expect(report.figures['acknowledged']).toBeGreaterThan(100)
  },
)
