import { afterEach, expect, test } from 'vitest'
import { openAlarmsDb } from '../../alarms/alarms-db.ts'
import { openAlarmsReader } from '../../alarms/alarms-reader.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { ESTATE } from './estate.ts'
import { startBench } from './harness.ts'

const dirs: { remove(): void }[] = []
afterEach(() => dirs.splice(0).forEach((dir) => dir.remove()))

function saved() {
  const dir = makeTempDir()
  dirs.push(dir)
  const bench = startBench()
  for (const [i, code] of ['cut', 'touch', 'tamper', 'power-off'].entries()) {
    bench.event('fence-zone/zone-2', { code, active: true })
    if (i === 1) bench.act(bench.alarm('touch').id, 'acknowledge')
    bench.seconds(1)
  }
  bench.event('fence-zone/zone-2', { code: 'touch', active: false })
  bench.append('system/fault', { v: 1, code: 'disk-low', active: true, detail: '3 GiB' })
  const db = openAlarmsDb({ dataDir: dir.path })
  db.save(bench.engine, { cursor: bench.entries.length, transitions: bench.transitions, results: bench.results, at: bench.now() })
  const reader = openAlarmsReader({ dataDir: dir.path })!
  dirs.push({ remove: () => [reader, db].forEach((open) => open.close()) })
  return { bench, db, reader, dataDir: dir.path }
}

test('there is no reader while the file is not there', () => {
  const dir = makeTempDir()
  dirs.push(dir)
  expect(openAlarmsReader({ dataDir: dir.path })).toBeUndefined()
})

test('lists newest first, page by page, within estates and time', () => {
  const { bench, reader } = saved()
  const codes = (query: object) => reader.list({ estates: '*', limit: 10, ...query }).alarms.map(({ code }) => code)
  expect(codes({})).toEqual(['disk-low', 'power-off', 'tamper', 'touch', 'cut'])
  expect(codes({ standing: true })).toEqual(['disk-low', 'power-off', 'tamper', 'cut'])
  expect(codes({ estates: [ESTATE], from: bench.alarm('touch').raisedAt, to: bench.alarm('power-off').raisedAt })).toEqual([
    'tamper',
    'touch',
  ])
  expect(codes({ estates: [] })).toEqual([])
  expect(codes({ kind: 'fence-zone', device: 'zone-2' })).toEqual(['power-off', 'tamper', 'touch', 'cut'])
  expect(codes({ kind: 'camera', device: 'zone-2' })).toEqual([])
  expect(codes({ device: 'zone-1' })).toEqual([])
  const pages: string[][] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: { alarms: readonly { code: string }[]; next: string | null } = reader.list({
      estates: '*',
      limit: 2,
      ...(cursor === undefined ? {} : { cursor }),
    })
    pages.push(page.alarms.map(({ code }) => code))
    cursor = page.next
  }
  expect(pages).toEqual([['disk-low', 'power-off'], ['tamper', 'touch'], ['cut']])
})

test('gives one alarm, its history, and all that are not closed', () => {
  const { bench, reader } = saved()
  const touch = bench.alarm('touch')
  expect(reader.get(touch.id)).toEqual(touch)
  expect(reader.get('none')).toBeUndefined()
  expect(reader.timeline(touch.id).map(({ what, who }) => [what, who])).toEqual([
    ['raised', undefined],
    ['acknowledged', 'guard-a'],
    ['returned', undefined],
  ])
  expect(reader.notClosed(ESTATE).map(({ code }) => code)).toEqual(['cut', 'tamper', 'power-off'])
  expect(reader.notClosed()).toHaveLength(4)
  expect(reader.cursor()).toBe(bench.entries.length)
})

test('the outbox keeps its order, and what was told is gone', () => {
  const { bench, db } = saved()
  const all = db.outbox(100)
  expect(all.map(({ topic }) => topic).filter((topic) => topic === 'system/alarm')).toHaveLength(bench.transitions.length)
  expect(all.at(-1)!.topic).toBe('system/action-result')
  db.told(all[2]!.n)
  expect(db.outbox(2).map(({ n }) => n)).toEqual([all[3]!.n, all[4]!.n])
})
