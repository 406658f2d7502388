/** Keeps the one-minute rows in InfluxDB up to date: minutes in order up to now, and those that got late data once more; what is to be done is kept with the data. */
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../domain/clock.ts'
import type { TelemetryPoint } from '../../domain/telemetry.ts'
import { KINDS } from '../../devices/index.ts'
import { OWN, PointsRefused, type InfluxServer, type Stretch } from './influx-server.ts'
import { toLine } from './line-protocol.ts'

export interface Minutes {
  /** Reads what was left to do. */
  load(): Promise<void>
  /** Notes, before they are written, the minutes that are made already and get more data. */
  mark(points: readonly TelemetryPoint[]): Promise<void>
  /** Makes all minutes that begin before this instant. */
  make(before: EpochMs): Promise<void>
}

/** One request makes at most so many minutes: as many as the server managed in time before. */
const MOST_AT_ONCE = 32
const FIRST_AT_ONCE = 4
/** A request that took longer is followed by a smaller one. */
const SLOW_MS = 5000

export function makeMinutes(server: InfluxServer): Minutes {
  /** Minutes before it are made, but for the late ones. */
  let upto: EpochMs | undefined
  /** `kind minute` → how often it was marked since it was last made. */
  const late = new Map<string, number>()
  let atOnce = FIRST_AT_ONCE

  const downsample = async (kind: string, stretch: Stretch) => {
    const started = performance.now()
    try {
      await server.downsample(kind, stretch)
    } catch (error) {
      atOnce = 1
      throw error
    }
    const isSlow = performance.now() - started > SLOW_MS
    atOnce = isSlow ? Math.max(1, Math.floor(atOnce / 2)) : Math.min(MOST_AT_ONCE, atOnce * 2)
  }
  const writeUpto = async (value: EpochMs) => {
    const { measurement, field, kept } = OWN.minutes
    await server.write(kept, [toLine({ measurement, tags: {}, fields: { [field]: value }, micros: String(value * 1000) })])
    upto = value
  }
  const writeMarks = async (keys: readonly string[], open: 0 | 1) => {
    const { measurement, field, kept } = OWN.late
    if (keys.length === 0) return
    try {
      await server.write(
        kept,
        keys.map((key) => toLine({ measurement, tags: { kind: kindOf(key) }, fields: { [field]: open }, micros: `${minuteOf(key)}000` })),
      )
    } catch (error) {
      if (!(error instanceof PointsRefused)) throw error // a mark past the retention is refused, and so is its reading
    }
  }
  const makeLate = async () => {
    const waiting = [...late.keys()].sort()
    while (waiting.length > 0) {
      const { kind, keys, from, to } = firstRun(waiting, atOnce)
      waiting.splice(0, keys.length)
      const before = keys.map((key) => late.get(key))
      await downsample(kind, { from, to })
      const done = keys.filter((key, i) => late.get(key) === before[i]) // others got data meanwhile
      await writeMarks(done, 0)
      for (const key of done) late.delete(key)
    }
  }

  return {
    load: async () => {
      const { measurement, field, kept } = OWN.minutes
      ;[upto] = await server.readOwn(measurement, field, kept)
      for (const { kind, ts } of await server.readMarks(OWN.late.measurement, OWN.late.field)) {
        const key = toKey(kind, ts)
        late.set(key, late.get(key) ?? 1)
      }
    },
    mark: async (points) => {
      if (points.length === 0) return
      if (upto === undefined) await writeUpto((upto = firstMinute(points)))
      const fresh = new Set<string>()
      for (const { measurement, ts } of points) {
        if (ts >= upto) continue
        const key = toKey(measurement, ts)
        const times = late.get(key)
        late.set(key, (times ?? 0) + 1)
        if (times === undefined) fresh.add(key)
      }
      await writeMarks([...fresh], 1)
    },
    make: async (before) => {
      if (upto === undefined) return
      const end = floorMinute(before)
      while (upto < end) {
        const to = Math.min(end, upto + atOnce * MINUTE_MS)
        const from: EpochMs = upto
        upto = to // what is written from now on into these minutes is late
        try {
          for (const { kind } of KINDS) await downsample(kind, { from, to })
          await writeUpto(to)
        } catch (error) {
          upto = from
          throw error
        }
      }
      await makeLate()
    },
  }
}

/** Where minutes begin in an empty store: with its first readings, but what is much older than the others is late. */
function firstMinute(points: readonly TelemetryPoint[]): EpochMs {
  let [oldest, newest] = [Infinity, -Infinity]
  for (const { ts } of points) {
    oldest = Math.min(oldest, ts)
    newest = Math.max(newest, ts)
  }
  return floorMinute(Math.max(oldest, newest - HOUR_MS))
}

interface Run extends Stretch {
  readonly kind: string
  readonly keys: readonly string[]
}

/** Late minutes side by side are made in one request. `keys` are sorted. */
function firstRun(keys: readonly string[], atOnce: number): Run {
  const kind = kindOf(keys[0]!)
  const from = minuteOf(keys[0]!)
  let length = 1
  while (length < atOnce && keys[length] === toKey(kind, from + length * MINUTE_MS)) length++
  return { kind, keys: keys.slice(0, length), from, to: from + length * MINUTE_MS }
}

function floorMinute(ts: EpochMs): EpochMs {
  return Math.floor(ts / MINUTE_MS) * MINUTE_MS
}

/** Sorts by kind, then by time: until the year 2286 all minutes have as many digits. */
function toKey(kind: string, ts: EpochMs): string {
  return `${kind} ${floorMinute(ts)}`
}

function kindOf(key: string): string {
  return key.slice(0, key.indexOf(' '))
}

function minuteOf(key: string): EpochMs {
  return Number(key.slice(key.indexOf(' ') + 1))
}
