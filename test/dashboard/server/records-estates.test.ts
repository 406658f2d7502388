import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRecords, type RecordsDatabase } from '../../../dashboard/server/records/database.ts'
import { currentEstates, pruneRevisions, saveEstates } from '../../../dashboard/server/records/estates.ts'
import type { Estate } from '../../../domain/estate.ts'
import { openRecordsReader, type RecordsReader } from '../../../storage/records-reader.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

let dir: ReturnType<typeof makeTempDir>
let records: RecordsDatabase
let reader: RecordsReader

beforeEach(() => {
  dir = makeTempDir()
  reader = openRecordsReader({ dataDir: dir.path })
})
afterEach(async () => {
  reader.close()
  await records.destroy()
  dir.remove()
})

const estate = (id: string, name: string): Estate => ({
  id,
  name,
  bearingDeg: 0,
  plan: { type: 'FeatureCollection', features: [] },
  blocks: [],
  lifts: [],
  devices: [],
  people: [],
  duties: [],
})
const names = (revision: number) => [...reader.estatesAt(revision).estates.values()].map(({ name }) => name)

test('a reader waits while the file is not there, then sees each revision as it was', async () => {
  expect(reader.newestRevision()).toBeUndefined()
  expect(reader.estatesAt(1).estates.size).toBe(0)
  records = openRecords(dir.path).records
  expect(reader.newestRevision()).toBeUndefined()
  expect(await saveEstates(records, { put: [estate('a', 'A1'), estate('b', 'B1')], remove: [], now: 1 })).toBe(1)
  expect(await saveEstates(records, { put: [estate('a', 'A2')], remove: ['b'], now: 2 })).toBe(2)
  expect(await saveEstates(records, { put: [estate('b', 'B3')], remove: [], now: 3 })).toBe(3)
  expect(reader.newestRevision()).toBe(3)
  expect(names(1)).toEqual(['A1', 'B1'])
  expect(names(2)).toEqual(['A2'])
  expect(names(3)).toEqual(['A2', 'B3'])
  expect(reader.estatesAt(2).estates.get('a')).toBe(reader.estatesAt(3).estates.get('a'))
  expect((await currentEstates(records)).map(({ name }) => name)).toEqual(['A2', 'B3'])
})

test('pruning keeps what was in force at the oldest entry of the journal and everything after it', async () => {
  records = openRecords(dir.path).records
  await saveEstates(records, { put: [estate('a', 'A1'), estate('b', 'B1')], remove: [], now: 10 })
  await saveEstates(records, { put: [estate('a', 'A2')], remove: [], now: 20 })
  await saveEstates(records, { put: [estate('a', 'A3')], remove: [], now: 30 })
  await pruneRevisions(records, 25)
  expect(names(1)).toEqual(['B1'])
  expect(names(2)).toEqual(['A2', 'B1'])
  expect(names(3)).toEqual(['A3', 'B1'])
})
