/** Free spaces of four German car parks over two months, as single bays: a count that falls by three is three cars that come. */
import { join } from 'node:path'
import type { Position } from '../../domain/geojson.ts'
import { readRows } from './csv.ts'
import { bayDevice, dataEstate, telemetryLine, type RealData } from './data-estate.ts'

const ESTATE = 'car-parks'
const COLUMNS = ['car_park', 'time_utc', 'free_spaces']
const CORNER: Position = [9.99, 48.39]
const IN_A_ROW = 40

interface Count {
  readonly at: number
  readonly free: number
}

interface Park {
  readonly id: string
  readonly source: string
  /** The largest count seen: nobody says how many bays there are. */
  bays: number
}

export async function openCarParks(folder: string): Promise<RealData> {
  const path = join(folder, 'car-parks-2022.csv.gz')
  const parks = new Map<string, Park>()
  for await (const [source = '', , free] of readRows(path, { separator: ',', columns: COLUMNS })) {
    const park = parks.get(source) ?? { id: `park-${parks.size + 1}`, source, bays: 0 }
    park.bays = Math.max(park.bays, Number(free))
    parks.set(source, park)
  }
  const all = [...parks.values()]
  const placed = all.flatMap((park, p) => Array.from({ length: park.bays }, (_, i) => ({ id: bayId(park, i), place: placeOf(p, i) })))
  const estate = dataEstate({
    id: ESTATE,
    name: '四座停车场',
    note: `Counts of ${all.map(({ id, source }) => `${id} = ${source}`).join(', ')} (defgsus/parking-data, September and October 2022). The counts are real; which bay a car takes and where the bays lie is invented.`,
    devices: placed.map(({ id, place }) => bayDevice(id, place)),
    places: placed.map(({ place }) => [place[0] + 0.00002, place[1] + 0.00004] as const),
  })
  return { estate, lines: () => lines(path, all) }
}

async function* lines(path: string, parks: readonly Park[]): AsyncGenerator<string> {
  const streams = parks.map((park) => ({
    park,
    counts: readCounts(path, park),
    next: undefined as Count | undefined,
    free: undefined as number | undefined,
  }))
  for (const stream of streams) stream.next = await take(stream.counts)
  for (let seq = 1; ;) {
    // the file holds one park after the other; the journal wants them in the order of time
    const first = streams.filter(({ next }) => next).sort((a, b) => a.next!.at - b.next!.at)[0]
    if (!first) return
    const { at, free: counted } = first.next!
    const free = Math.min(first.park.bays, Math.max(0, counted)) // a drifting counter dips below 0
    const [from, to] = first.free === undefined ? [0, first.park.bays] : [Math.min(first.free, free), Math.max(first.free, free)]
    // bays are free from number 0 up to the count
    for (let i = from; i < to; i++)
      yield telemetryLine(ESTATE, {
        seq: seq++,
        at,
        kind: 'parking-bay',
        device: bayId(first.park, i),
        values: { status: i < free ? 'free' : 'occupied' },
      })
    first.free = free
    first.next = await take(first.counts)
  }
}

async function* readCounts(path: string, { source }: Park): AsyncGenerator<Count> {
  for await (const [park, time = '', free] of readRows(path, { separator: ',', columns: COLUMNS }))
    if (park === source) yield { at: Date.parse(time), free: Number(free) }
}

async function take(counts: AsyncGenerator<Count>): Promise<Count | undefined> {
  const result = await counts.next()
  return result.done === true ? undefined : result.value
}

function bayId({ id }: Park, i: number): string {
  return `${id}-${String(i + 1).padStart(3, '0')}`
}

function placeOf(park: number, i: number): Position {
  return [
    CORNER[0] + (i % IN_A_ROW) * 0.00004 + (park % 2) * 0.003,
    CORNER[1] + Math.floor(i / IN_A_ROW) * 0.0001 + Math.floor(park / 2) * 0.003,
  ]
}
