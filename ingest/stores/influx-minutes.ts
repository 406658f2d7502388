/** Keeps the one-minute rows in InfluxDB up to date: minutes in order up to now, and those that got late data once more; what is to be done is kept with the data. */
import { MINUTE_MS, type EpochMs } from '../../domain/clock.ts'
import type { TelemetryPoint } from '../../domain/telemetry.ts'
import { KINDS } from '../../devices/index.ts'
import { OWN, PointsRefused, type InfluxServer, type Stretch } from './influx-server.ts'

export interface Minutes {
  /** Reads what was left to do. */
  load(now: EpochMs): Promise<void>
  /** Notes, before they are written, the minutes that are made already and get more data. */
  mark(points: readonly TelemetryPoint[]): Promise<void>
  /** Makes all minutes that begin before this instant. */
  make(before: EpochMs): Promise<void>
}

/** One request makes at most so many minutes. */
const MOST_AT_ONCE = 30

export function makeMinutes(server: InfluxServer): Minutes {
  /** Minutes before it are made, but for the late ones. */
  let upto: EpochMs | undefined
  /** `kind minute` → how often it was marked since it was last made. */
  const late = new Map<string, number>()

  const writeUpto = async (value: EpochMs) => {
    const { measurement, field, kept } = OWN.minutes
    await server.write(kept, [{ measurement, tags: {}, fields: { [field]: value }, micros: String(value * 1000) }])
    upto = value
  }
  const writeMarks = async (keys: readonly string[], open: 0 | 1) => {
    const { measurement, field, kept } = OWN.late
    if (keys.length === 0) return
    try {
      await server.write(
        kept,
        keys.map((key) => ({ measurement, tags: { kind: kindOf(key) }, fields: { [field]: open }, micros: `${minuteOf(key)}000` })),
      )
    } catch (error) {
      if (!(error instanceof PointsRefused)) throw error // a mark past the retention is refused, and so is its reading
    }
  }
  const makeLate = async () => {
    for (const { kind, keys, from, to } of toRuns([...late.keys()])) {
      const before = keys.map((key) => late.get(key))
      await server.downsample(kind, { from, to })
      const done = keys.filter((key, i) => late.get(key) === before[i]) // others got data meanwhile
      await writeMarks(done, 0)
      for (const key of done) late.delete(key)
    }
  }

  return {
    load: async (now) => {
      const { measurement, field, kept } = OWN.minutes
      ;[upto] = await server.readOwn(measurement, field, kept)
      if (upto === undefined) await writeUpto(floorMinute(now))
      for (const { kind, ts } of await server.readMarks(OWN.late.measurement, OWN.late.field)) {
        const key = toKey(kind, ts)
        late.set(key, late.get(key) ?? 1)
      }
    },
    mark: async (points) => {
      if (upto === undefined) return
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
        const to = Math.min(end, upto + MOST_AT_ONCE * MINUTE_MS)
        const from: EpochMs = upto
        upto = to // what is written from now on into these minutes is late
        try {
          for (const { kind } of KINDS) await server.downsample(kind, { from, to })
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

interface Run extends Stretch {
  readonly kind: string
  readonly keys: readonly string[]
}

/** Late minutes side by side are made in one request. */
function toRuns(keys: readonly string[]): readonly Run[] {
  const runs: { kind: string; keys: string[]; from: EpochMs; to: EpochMs }[] = []
  for (const key of [...keys].sort()) {
    const [kind, minute] = [kindOf(key), minuteOf(key)]
    const last = runs.at(-1)
    if (last?.kind === kind && last.to === minute && last.keys.length < MOST_AT_ONCE) {
      last.keys.push(key)
      last.to += MINUTE_MS
    } else runs.push({ kind, keys: [key], from: minute, to: minute + MINUTE_MS })
  }
  return runs
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
