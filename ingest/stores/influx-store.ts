/** A telemetry store in InfluxDB of either version: batches with their refused points, the cursor beside the data, minutes, history. */
import { MINUTE_MS, SECOND_MS, type Clock } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import type { RefusedPoint, TelemetryPoint, TelemetryStore } from '../../domain/telemetry.ts'
import { KINDS } from '../../devices/index.ts'
import { readInfluxHistory } from './influx-history.ts'
import { makeMinutes } from './influx-minutes.ts'
import { OWN, PointsRefused, type InfluxServer, type Kept } from './influx-server.ts'
import { makeLineMaker, toLine } from './line-protocol.ts'
import { findMisfit, MEASUREMENTS } from './schema.ts'

export function makeInfluxStore(server: InfluxServer, options: { readonly clock?: Clock } = {}): TelemetryStore {
  const clock = options.clock ?? Date.now
  const minutes = makeMinutes(server)
  /** The cursor as it was last written or read; undefined: not known to be there. */
  let known: number | undefined
  /** Connections that were open when the cursor was last seen in the store. */
  let seenAt = -1
  let cursorMicros = 0
  let lastWrite: Promise<unknown> = Promise.resolve()
  const lineOf = makeLineMaker()

  const writeCursor = async (seq: number) => {
    cursorMicros = Math.max(cursorMicros + 1, clock() * 1000) // two within one microsecond would be one
    const { measurement, field, kept } = OWN.cursor
    await server.write(kept, [toLine({ measurement, tags: {}, fields: { [field]: seq }, micros: String(cursorMicros) })])
  }
  const readCursors = () => server.readOwn(OWN.cursor.measurement, OWN.cursor.field, OWN.cursor.kept)
  const cameBackWithLess = () => new AppError('store-down', 'The telemetry store came back with less than it had.')

  /** A new connection may mean another life of the server: does it still hold what we wrote? */
  const checkBefore = async () => {
    if (seenAt === server.opened()) return
    const [newest] = await readCursors()
    if (newest !== known) throw cameBackWithLess()
    seenAt = server.opened()
  }
  const checkAfter = async (before: number | undefined) => {
    if (seenAt === server.opened()) return
    const [, second] = await readCursors()
    if (second !== before) {
      await writeCursor(second ?? 0)
      throw cameBackWithLess()
    }
    seenAt = server.opened()
  }

  let connected = false
  const connect = async () => {
    await server.ensure()
    await minutes.load()
    const opened = server.opened()
    ;[known] = await readCursors()
    seenAt = opened
    connected = true
  }

  /** The points of several batches may be under way; each batch's cursor waits for those of the batches before it. */
  const writeInOrder = async (
    points: readonly TelemetryPoint[],
    { cursor, before }: { readonly cursor: number; readonly before: Promise<unknown> },
  ): Promise<readonly RefusedPoint[]> => {
    before.catch(() => undefined) // it is thrown below
    if (!connected) await connect()
    const refused: RefusedPoint[] = []
    const taken: Record<Kept, TelemetryPoint[]> = { raw: [], minutes: [] }
    for (const point of points) {
      const detail = findMisfit(point)
      if (detail === undefined) taken[MEASUREMENTS.get(point.measurement)!.kept].push(point)
      else refused.push({ point, detail })
    }
    await minutes.mark(taken.raw)
    for (const kept of ['raw', 'minutes'] as const) refused.push(...(await writeSome(kept, taken[kept], taken[kept].map(lineOf))))
    await before
    await checkBefore()
    const earlier = known
    await writeCursor(cursor)
    known = cursor
    await checkAfter(earlier)
    return refused.length > 1 ? inOrderOf(points, refused) : refused
  }
  /** Halves a batch that the server does not take until the points that it refuses stand alone; writing the others twice changes nothing. */
  const writeSome = async (kept: Kept, points: readonly TelemetryPoint[], lines: readonly string[]): Promise<readonly RefusedPoint[]> => {
    if (points.length === 0) return []
    try {
      await server.write(kept, lines)
      return []
    } catch (error) {
      if (!(error instanceof PointsRefused)) throw error
      if (points.length === 1) return [{ point: points[0]!, detail: error.message }]
      const half = Math.ceil(points.length / 2)
      return [
        ...(await writeSome(kept, points.slice(0, half), lines.slice(0, half))),
        ...(await writeSome(kept, points.slice(half), lines.slice(half))),
      ]
    }
  }

  return {
    name: server.name,
    writesAtOnce: WRITES_AT_ONCE,
    write: (points, cursor) => {
      const before = lastWrite
      const work = writeInOrder(points, { cursor, before })
      lastWrite = work
      return work
    },
    cursor: async () => {
      lastWrite = Promise.resolve()
      await connect()
      return known
    },
    history: async (query) => readInfluxHistory(server, query),
    latest: async (estate) => (await Promise.all(KINDS.map(({ kind }) => server.latest(estate, kind)))).flat(),
    maintain: async (now) => {
      if (!connected) await connect()
      await minutes.make(now - MINUTE_MS - SETTLE_MS)
    },
    close: async () => server.close(),
  }
}

/** While one batch is on its way the next one is made, and the server has the one after it in hand. */
const WRITES_AT_ONCE = 3

/** Time for the readings of a minute to arrive, so that most minutes are made once. */
const SETTLE_MS = 5 * SECOND_MS

function inOrderOf(points: readonly TelemetryPoint[], refused: readonly RefusedPoint[]): readonly RefusedPoint[] {
  const order = new Map(points.map((point, i) => [point, i]))
  return [...refused].sort((a, b) => order.get(a.point)! - order.get(b.point)!)
}
