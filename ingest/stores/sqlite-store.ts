/** Keeps points in `telemetry.db`: the embedded telemetry store, and its one writer. */
import { existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DAY_MS, HOUR_MS, type EpochMs } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import type { RefusedPoint, TelemetryPoint, TelemetryStore } from '../../domain/telemetry.ts'
import { openMigrated } from '../../storage/migrations.ts'
import { openDatabase, type Database } from '../../storage/sqlite.ts'
import { findMisfit, MEASUREMENTS } from './schema.ts'
import { readHistory, readLatest } from './sqlite-history.ts'
import { downsampleSome } from './sqlite-minutes.ts'
import { listParts, partOf, STEPS, TELEMETRY_FILE, type Part } from './sqlite-tables.ts'
import { makeWriter, type Writer } from './sqlite-writer.ts'

export interface SqliteStoreOptions {
  readonly dataDir: string
  /** 0 keeps raw data for ever. */
  readonly rawDays: number
  readonly minuteDays: number
  /** Under this no minutes are made; what comes in is held back before it gets here. */
  readonly floorBytes?: number
  /** Under this the oldest raw hours go first. */
  readonly trimBytes?: number
  readonly freeBytes?: () => number
}

export const TRIM_BYTES = 2 * 1024 ** 3
/** The newest pages of every device's series stay in memory: 15,000 devices touch as many pages in each batch. */
const CACHE_KIB = 65_536
/** Pages given back to the file system in one step when the disk is short, 8 MiB. */
const VACUUM_PAGES = 2048

export function openSqliteStore(options: SqliteStoreOptions): TelemetryStore & Required<Pick<TelemetryStore, 'trimmedHours'>> {
  const database = openFile(options.dataDir)
  const freeBytes = options.freeBytes ?? (() => freeBytesOf(options.dataDir))
  const floorBytes = options.floorBytes ?? 0
  const trimBytes = options.trimBytes ?? TRIM_BYTES
  const getMeta = database.prepare('select value from meta where key = ?')
  const setMeta = database.prepare('insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value')
  const meta = (key: string) => {
    const value = getMeta.get(key)?.['value']
    return value === undefined ? undefined : Number(value)
  }
  let writer: Writer | undefined

  /** Anything that goes wrong inside leaves the file as it was; what the writer remembers is then read anew. */
  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      writer = undefined
      if (error instanceof AppError) throw error
      throw new AppError('store-down', 'telemetry.db cannot be written.', { cause: error })
    }
  }
  const drop = (part: Part, options: { readonly isTrim?: boolean } = {}) =>
    guard(() =>
      database.transaction(() => {
        database.exec(`drop table "${part.table}"`)
        if (part.measurement.kept === 'raw') setMeta.run('raw_floor', Math.max(part.to, meta('raw_floor') ?? part.to))
        if (options.isTrim) setMeta.run('trimmed', (meta('trimmed') ?? 0) + 1)
        writer = undefined
      }),
    )
  const dropWhere = async (isOver: (part: Part) => boolean) => {
    for (const part of listParts(database)) {
      if (!isOver(part)) continue
      drop(part)
      await nextTurn()
    }
  }
  const isShort = () => freeBytes() < trimBytes
  /** Pages that hold nothing any more go back to the file system, some at a time. */
  const giveBack = async () => {
    for (let left = freePages(database), before = Infinity; isShort() && left > 0 && left < before; left = freePages(database)) {
      before = left
      database.exec(`pragma incremental_vacuum(${VACUUM_PAGES})`)
      database.exec('pragma wal_checkpoint(truncate)')
      await nextTurn()
    }
  }
  const trim = async (now: EpochMs) => {
    await giveBack()
    for (const part of listParts(database)) {
      if (!isShort()) return
      if (part.measurement.kept !== 'raw' || part.to > now - HOUR_MS) continue
      drop(part, { isTrim: true })
      await giveBack()
    }
  }

  return {
    name: 'sqlite',
    trimmedHours: () => meta('trimmed') ?? 0,
    write: async (points, cursor) =>
      guard(() => {
        const rawFloor = meta('raw_floor') ?? -Infinity
        const [taken, refused] = sift(points, rawFloor)
        const current = (writer ??= makeWriter(database))
        database.transaction(() => {
          current.write(taken)
          setMeta.run('cursor', cursor)
        })
        return refused
      }),
    cursor: async () => meta('cursor'),
    history: async (query) => readHistory(database, query),
    latest: async (estate) => readLatest(database, estate),
    maintain: async (now) => {
      while (freeBytes() >= floorBytes && guard(() => downsampleSome(database, now)) > 0) {
        writer?.forgetMarks()
        await nextTurn()
      }
      await dropWhere(({ to, measurement }) =>
        measurement.kept === 'raw' ? options.rawDays > 0 && to <= now - options.rawDays * DAY_MS : to <= now - options.minuteDays * DAY_MS,
      )
      await trim(now)
    },
    close: async () => database.close(),
  }
}

function openFile(dataDir: string): Database {
  const path = join(dataDir, TELEMETRY_FILE)
  if (!existsSync(path)) {
    // Space can be given back to the file system only if this is said before the first table.
    const fresh = openDatabase(path)
    fresh.exec('pragma auto_vacuum = incremental')
    fresh.exec('vacuum')
    fresh.close()
  }
  const database = openMigrated(path, STEPS)
  database.exec(`pragma cache_size = -${CACHE_KIB}`)
  return database
}

function sift(points: readonly TelemetryPoint[], rawFloor: EpochMs): readonly [readonly TelemetryPoint[], readonly RefusedPoint[]] {
  const taken: TelemetryPoint[] = []
  const refused: RefusedPoint[] = []
  for (const point of points) {
    const detail = findMisfit(point) ?? (isDropped(point, rawFloor) ? 'its hour has been dropped already' : undefined)
    if (detail === undefined) taken.push(point)
    else refused.push({ point, detail })
  }
  return [taken, refused]
}

/** A reading of a dropped hour would make a minute from a part of its values. */
function isDropped(point: TelemetryPoint, rawFloor: EpochMs): boolean {
  const measurement = MEASUREMENTS.get(point.measurement)!
  return measurement.kept === 'raw' && partOf(measurement, point.ts).from < rawFloor
}

function freePages(database: Database): number {
  return Number(database.prepare('pragma freelist_count').get()?.['freelist_count'] ?? 0)
}

function freeBytesOf(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}
