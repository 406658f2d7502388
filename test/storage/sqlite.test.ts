import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../storage/sqlite.ts'
import { makeTempDir } from '../support/temp-dir.ts'

let temp: ReturnType<typeof makeTempDir>
beforeEach(() => (temp = makeTempDir()))
afterEach(() => temp.remove())

describe('a database', () => {
  it('gives back numbers, words, bytes and nothing as they were written', () => {
    const database = openDatabase(join(temp.path, 'a.db'))
    database.exec('create table t (n, r, s, b, z)')
    database.prepare('insert into t values (?, ?, ?, ?, ?)').run(42, 0.5, '周界', new Uint8Array([0, 255]), null)
    const row = database.prepare('select * from t').get()!
    expect({ ...row, b: [...(row['b'] as Uint8Array)] }).toEqual({ n: 42, r: 0.5, s: '周界', b: [0, 255], z: null })
    expect(database.prepare('select b from t').all()).toEqual([{ b: new Uint8Array([0, 255]) }])
    expect(database.prepare('select * from t where n = ?').get(43)).toBeUndefined()
    expect(database.engine).toMatch(/^(node:sqlite|libsql), SQLite 3\.\d+\.\d+$/)
    database.close()
  })

  it('a transaction that throws leaves nothing behind and passes the error on', () => {
    const database = openDatabase(join(temp.path, 'a.db'))
    database.exec('create table t (n)')
    expect(() =>
      database.transaction(() => {
        database.prepare('insert into t values (1)').run()
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(database.prepare('select count(*) as n from t').get()).toMatchObject({ n: 0 })
    expect(database.transaction(() => database.prepare('insert into t values (2)').run().changes)).toBe(1)
    expect(
      database
        .prepare('select n from t')
        .all()
        .map((row) => row['n']),
    ).toEqual([2])
    database.close()
  })

  it('a nested transaction belongs to the outer one', () => {
    const database = openDatabase(join(temp.path, 'a.db'))
    database.exec('create table t (n)')
    expect(() =>
      database.transaction(() => {
        database.transaction(() => database.prepare('insert into t values (1)').run())
        throw new Error('outer')
      }),
    ).toThrow('outer')
    expect(database.prepare('select count(*) as n from t').get()).toMatchObject({ n: 0 })
    database.close()
  })

  it('a reader sees what the writer has committed and cannot write', () => {
    const path = join(temp.path, 'a.db')
    const writer = openDatabase(path)
    writer.exec('create table t (n)')
    const reader = openDatabase(path, { readonly: true })
    writer.prepare('insert into t values (7)').run()
    expect(reader.prepare('select n from t').get()).toMatchObject({ n: 7 })
    expect(() => reader.prepare('insert into t values (8)').run()).toThrow(/readonly|read-only/i)
    reader.close()
    writer.close()
  })

  it('a reader does not make a file that is missing', () => {
    const path = join(temp.path, 'missing.db')
    expect(() => openDatabase(path, { readonly: true })).toThrow(/no database file|unable to open/)
    expect(existsSync(path)).toBe(false)
  })

  it('a writer syncs at each commit unless told otherwise', () => {
    const database = openDatabase(join(temp.path, 'a.db'))
    expect(database.prepare('pragma synchronous').get()).toMatchObject({ synchronous: 2 })
    expect(database.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    database.close()
  })
})
