/** 3,075 in-ground bay sensors of the City of Melbourne between two snapshots of one Saturday: 956 of them changed in between. */
import { join } from 'node:path'
import { MINUTE_MS, SECOND_MS } from '../../domain/clock.ts'
import type { EstateDevice } from '../../domain/estate.ts'
import type { Position } from '../../domain/geojson.ts'
import { seedOf, startRandom } from '../random.ts'
import { readRows } from './csv.ts'
import { bayDevice, dataEstate, telemetryLine, type RealData } from './data-estate.ts'

const ESTATE = 'melbourne-bays'
// 11:18 and 16:38 at UTC+10; the data does not say which Saturday
const FIRST_AT = Date.UTC(2018, 8, 8, 1, 18)
const SECOND_AT = Date.UTC(2018, 8, 8, 6, 38)
const COLUMNS = ['bay_id', 'lat', 'lon', 'status_sat_1118', 'status_sat_1638']

interface Change {
  readonly at: number
  readonly device: string
  readonly status: string
}

export async function openMelbourneBays(folder: string): Promise<RealData> {
  const devices: EstateDevice[] = []
  const places: Position[] = []
  const changes: Change[] = []
  const random = startRandom(seedOf(3075, ESTATE))
  for await (const [bay = '', lat, lon, first = '', second = ''] of readRows(join(folder, 'melbourne-bays.csv.gz'), {
    separator: ',',
    columns: COLUMNS,
  })) {
    const place = [Number(lon), Number(lat)] as const
    const device = `bay-${bay}`
    places.push(place)
    devices.push(bayDevice(device, place))
    changes.push({ at: FIRST_AT + Math.floor(random() * MINUTE_MS), device, status: toStatus(first) })
    // when it changed is not known: any instant between the snapshots is as good
    if (first !== second)
      changes.push({
        at: FIRST_AT + MINUTE_MS + Math.floor(random() * (SECOND_AT - FIRST_AT - 2 * MINUTE_MS)),
        device,
        status: toStatus(second),
      })
  }
  changes.sort((a, b) => a.at - b.at)
  const estate = dataEstate({
    id: ESTATE,
    name: '墨尔本车位',
    note: 'City of Melbourne open data (snapshot by anjsimmo/govhack2018). Places and states are real; when each bay changed between the two snapshots is drawn at random.',
    devices,
    places,
  })
  return {
    estate,
    lines: async function* () {
      for (const [i, { at, device, status }] of changes.entries())
        yield telemetryLine(ESTATE, { seq: i + 1, at, kind: 'parking-bay', device, values: { status } })
      yield telemetryLine(ESTATE, {
        seq: changes.length + 1,
        at: SECOND_AT + SECOND_MS,
        kind: 'gateway',
        device: 'gw-data',
        values: { queued: 0 },
      })
    },
  }
}

function toStatus(word: string): string {
  if (word !== 'Present' && word !== 'Unoccupied') throw new RangeError(`a bay is Present or Unoccupied, not ${word}`)
  return word === 'Present' ? 'occupied' : 'free'
}
