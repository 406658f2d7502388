/** A lift car door in evening peak use, 4 samples a second for seven hours, as the door telemetry of one lift. */
import { join } from 'node:path'
import { dataEstate, GATEWAY, telemetryLine, type RealData } from './data-estate.ts'
import { readRows } from './csv.ts'
import { round } from '../../devices/simulation.ts'

const ESTATE = 'elevator-door'
const SAMPLE_MS = 250
const SAMPLES_A_READING = 4
// 16:30 in Shanghai; the data does not say which day
const BEGAN_AT = Date.UTC(2026, 10, 23, 8, 30)
const COLUMNS = ['ball-bearing', 'humidity', 'vibration']
const USUAL_REVOLUTIONS = 50
const USUAL_CLOSE_MS = 3000
// ISO 1683: levels of acceleration are relative to 1 µm/s²
const REFERENCE_MPS2 = 1e-6
const STANDARD_GRAVITY_MPS2 = 9.80665

export async function openElevatorDoor(folder: string): Promise<RealData> {
  const [lon, lat] = [121.4525, 31.301]
  const outline = { type: 'Polygon', coordinates: [[[lon, lat], [lon + 0.0003, lat], [lon + 0.0003, lat + 0.0001], [lon, lat + 0.0001], [lon, lat]]] } as const // prettier-ignore
  const site = { position: [lon + 0.0001, lat + 0.00005], block: 'block-1', floors: [1, 2, 3, 4, 5, 6], floorHeightM: 2.9 }
  const estate = dataEstate({
    id: ESTATE,
    name: '电梯门数据',
    note: 'Huawei German Research Center, Zenodo 3653909. The vibration is real (level read as relative to 1 µm/s²); the closing time is derived: the faster the bearing turns, the shorter it takes.',
    devices: [{ id: 'lift-1', kind: 'elevator', name: '1号梯', gateway: GATEWAY, site }],
    places: outline.coordinates[0],
    blocks: [{ id: 'block-1', name: '1号', storeys: 6, stairwells: 1, outline }],
  })
  return { estate, lines: () => lines(join(folder, 'elevator-door-huawei.csv.gz')) }
}

async function* lines(path: string): AsyncGenerator<string> {
  let sample = 0
  for await (const [bearing = '', , vibration = ''] of readRows(path, { separator: ';', columns: COLUMNS })) {
    const at = BEGAN_AT + sample * SAMPLE_MS
    if (sample % SAMPLES_A_READING === 0) {
      const level = toLevel(vibration)
      const values = {
        door: 'closed',
        door_close_ms: round(Math.min(20_000, (USUAL_CLOSE_MS * USUAL_REVOLUTIONS) / Number(bearing)), 0),
        ...(level === undefined ? {} : { vibration_mg: round((REFERENCE_MPS2 * 10 ** (level / 20) * 1000) / STANDARD_GRAVITY_MPS2, 4) }),
      }
      yield telemetryLine(ESTATE, { seq: sample / SAMPLES_A_READING + 1, at, kind: 'elevator', device: 'lift-1', values })
    }
    sample++
  }
}

/** dB; undefined for an empty cell and for those that a spreadsheet took for a date (`21. Sep`: 21.9 or 21.09, nobody can tell). */
export function toLevel(cell: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : undefined
}
