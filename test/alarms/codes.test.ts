import { expect, test } from 'vitest'
import { DEFAULT_RULES } from '../../devices/default-rules.ts'
import { liftCases } from './cases-lift.ts'
import { lineCases } from './cases-line.ts'
import { siteCases } from './cases-site.ts'
import { startBench } from './harness.ts'

const cases = [...siteCases, ...liftCases, ...lineCases]

test.each(cases.map((row) => [`${row.kind} ${row.code} ${row.title ?? ''}`, row] as const))('%s is raised and ends', (_name, row) => {
  const bench = startBench()
  row.before?.(bench)
  expect(bench.open()).toEqual([])
  row.raise(bench)
  expect(bench.open()).toEqual([`${row.code} unacknowledged`])
  const alarm = bench.alarm(row.code)
  expect(alarm).toMatchObject({ kind: row.kind, priority: row.priority, transition: 1, late: false, detail: row.detail ?? {} })
  expect(bench.act(alarm.id, 'acknowledge').alarm).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'guard-a', transition: 2 })
  row.end(bench)
  if (row.latches) {
    expect(bench.open()).toEqual([`${row.code} latched`])
    bench.act(alarm.id, 'reset')
  }
  expect(bench.open()).toEqual([])
  expect(bench.alarm(row.code)).toMatchObject({ id: alarm.id, state: 'closed', transition: row.latches ? 4 : 3 })
  expect(bench.faults).toEqual([])
})

test('every default rule is raised by a row of the table', () => {
  const tested = new Set(cases.map(({ kind, code }) => `${kind}.${code}`))
  expect(DEFAULT_RULES.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([])
})
