import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openForReading, openMigrated } from '../../storage/migrations.ts'
import { openDatabase } from '../../storage/sqlite.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const FIRST = 'create table t (a)'
const SECOND = 'alter table t add column b; insert into t values (2, 3)'

let temp: ReturnType<typeof makeTempDir>
let path: string
beforeEach(() => {
  temp = makeTempDir()
  path = join(temp.path, 'a.db')
})
afterEach(() => temp.remove())

describe('migrating a file', () => {
  it('applies each step once and leaves a copy of the file as it was', () => {
    const old = openMigrated(path, [FIRST])
    old.prepare('insert into t values (1)').run()
    old.close()
    openMigrated(path, [FIRST, SECOND]).close()
    const database = openMigrated(path, [FIRST, SECOND])
    expect(
      database
        .prepare('select a, b from t order by a')
        .all()
        .map((row) => [row['a'], row['b']]),
    ).toEqual([
      [1, null],
      [2, 3],
    ])
    database.close()
    const copy = openDatabase(`${path}.v1`, { readonly: true })
    expect(
      copy
        .prepare('select a from t')
        .all()
        .map((row) => row['a']),
    ).toEqual([1])
    copy.close()
  })

  it('makes no copy of a file that is new', () => {
    openMigrated(path, [FIRST, SECOND]).close()
    expect(existsSync(`${path}.v0`)).toBe(false)
  })

  it('a step that fails changes nothing', () => {
    openMigrated(path, [FIRST]).close()
    expect(() => openMigrated(path, [FIRST, 'create table u (a); create table t (a)'])).toThrow(/already exists/)
    const database = openMigrated(path, [FIRST])
    expect(database.prepare("select name from sqlite_master where name = 'u'").get()).toBeUndefined()
    database.close()
  })

  it('a file of a later version is refused by its writer and by its readers', () => {
    openMigrated(path, [FIRST, SECOND]).close()
    expect(() => openMigrated(path, [FIRST])).toThrow(expect.objectContaining({ code: 'schema-unknown' }) as Error)
    expect(() => openForReading(path, 1)).toThrow(expect.objectContaining({ code: 'schema-unknown' }) as Error)
  })

  it('a reader waits for a file that is not there yet or not yet migrated', () => {
    expect(openForReading(path, 2)).toBeUndefined()
    openMigrated(path, [FIRST]).close()
    expect(openForReading(path, 2)).toBeUndefined()
    openMigrated(path, [FIRST, SECOND]).close()
    const reader = openForReading(path, 2)
    expect(reader?.prepare('select count(*) as n from t').get()).toMatchObject({ n: 1 })
    reader?.close()
  })
})
