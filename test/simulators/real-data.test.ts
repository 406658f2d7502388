import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { parseExportLine } from '../../broker/journal/export-line.ts'
import { decode } from '../../ingest/decode.ts'
import { parseEstate } from '../../estates/load.ts'
import { toLevel } from '../../simulators/real-data/elevator-door.ts'
import { openRealData, type RealDataSet } from '../../simulators/real-data/sets.ts'
import { readReplayOptions } from '../../simulators/replay-options.ts'
import { shiftInstants } from '../../simulators/replay-into.ts'

const folder = mkdtempSync(join(tmpdir(), 'ew-data-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A few lines in the form of the file (City of Melbourne; defgsus/parking-data; Zenodo 3653909). */
const TABLES: Readonly<Record<RealDataSet, { readonly file: string; readonly text: string }>> = {
  'melbourne-bays': {
    file: 'melbourne-bays.csv.gz',
    text: 'bay_id,lat,lon,status_sat_1118,status_sat_1638\n629,-37.808886,144.971778,Unoccupied,Unoccupied\n2258,-37.812709,144.953301,Present,Present\n596,-37.812788,144.973571,Unoccupied,Present\n',
  },
  'car-parks': {
    file: 'car-parks-2022.csv.gz',
    text: 'car_park,time_utc,free_spaces\na,2022-09-01T00:00:00+00:00,3\na,2022-09-01T00:10:00+00:00,-1\na,2022-09-01T00:20:00+00:00,2\nb,2022-09-01T00:05:00+00:00,1\n',
  },
  'elevator-door': {
    file: 'elevator-door-huawei.csv.gz',
    text:
      'ball-bearing;humidity;vibration\n' +
      Array.from({ length: 9 }, (_, i) => `${50 + i};73;${i === 4 ? '20. Jan' : 60}`).join('\n') +
      '\n',
  },
}

async function read(set: RealDataSet) {
  writeFileSync(join(folder, TABLES[set].file), gzipSync(TABLES[set].text))
  const data = await openRealData(set, folder)
  const { estate } = data
  const entries = []
  for await (const line of data.lines()) {
    const entry = parseExportLine(line)
    if ('fault' in entry) throw new Error(entry.fault)
    entries.push(entry)
  }
  const said = entries.map(({ topic, receivedAt, payload }) => ({
    device: topic.split('/')[3],
    at: receivedAt,
    ...(JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>),
  }))
  return { estate, entries, said }
}

describe('real data as devices', () => {
  it.each(Object.keys(TABLES) as RealDataSet[])('%s gives a sound estate and readings of its devices in the order of time', async (set) => {
    const { estate, entries } = await read(set)
    expect(parseEstate(JSON.stringify(estate))).toMatchObject({ ok: true })
    expect(entries.length).toBeGreaterThan(2)
    expect(entries.every(({ receivedAt }, i) => i === 0 || receivedAt >= entries[i - 1]!.receivedAt)).toBe(true)
    const findDevice = (_: string, kind: string, id: string) => estate.devices.find((device) => device.kind === kind && device.id === id)
    for (const entry of entries) expect(decode(entry, { findDevice, rawDays: 0 })).toMatchObject([{ ok: true, unknownFields: [] }])
  })

  it('the bays of Melbourne change between the snapshots and only where these differ', async () => {
    const { said } = await read('melbourne-bays')
    const of = (device: string) => said.filter((one) => one.device === device).map((one) => (one as { status?: string }).status)
    expect(of('bay-629')).toEqual(['free'])
    expect(of('bay-2258')).toEqual(['occupied'])
    expect(of('bay-596')).toEqual(['free', 'occupied'])
  })

  it('a count of free spaces becomes cars that come and go, never fewer than none', async () => {
    const { estate, said } = await read('car-parks')
    expect(estate.devices.filter(({ kind }) => kind === 'parking-bay')).toHaveLength(4)
    const free = new Map<string | undefined, number>()
    const state = new Map<string | undefined, unknown>()
    for (const one of said) {
      state.set(one.device, (one as { status?: string }).status)
      free.set(String(one.at), [...state].filter(([device, status]) => device?.startsWith('park-1') === true && status === 'free').length)
    }
    expect([...free.values()]).toEqual([3, 3, 0, 2])
  })

  it('a cell that a spreadsheet took for a date is no vibration', async () => {
    expect(toLevel('20. Jan')).toBeUndefined()
    expect(toLevel('')).toBeUndefined()
    expect(toLevel('21.9')).toBe(21.9)
    const { said } = await read('elevator-door')
    expect(said.map((one) => (one as { vibration_mg?: number }).vibration_mg)).toEqual([0.102, undefined, 0.102])
    expect(said.map((one) => (one as { door_close_ms?: number }).door_close_ms)).toEqual([3000, 2778, 2586])
  })

  it('says which file is missing or has other columns', async () => {
    await expect(openRealData('car-parks', '/nowhere')).rejects.toThrow('there is no file /nowhere/car-parks-2022.csv.gz')
    writeFileSync(join(folder, 'melbourne-bays.csv.gz'), gzipSync('a,b\n1,2\n'))
    await expect(openRealData('melbourne-bays', folder)).rejects.toThrow('must have the columns bay_id,lat,lon')
  })
})

describe('the command line of replay', () => {
  it('takes a recording, or real data in its place', () => {
    expect(readReplayOptions(['x.jsonl', '--speed', '100'])).toMatchObject({ source: { file: 'x.jsonl' }, speed: 100, into: undefined })
    expect(readReplayOptions(['--data', 'd', '--set', 'car-parks']).source).toEqual({ folder: 'd', set: 'car-parks' })
  })

  it('goes into a running system only at its own pace, and names every fault at once', () => {
    const read = () => readReplayOptions(['x.jsonl', '--speed', '10', '--into', 'here'])
    for (const fault of ['--into goes only at speed 1', '--into must be <host>:<port>', '--into needs --url', '--into needs --credentials'])
      expect(read).toThrow(fault)
    expect(() => readReplayOptions(['--speed', '2000'])).toThrow('--speed must be a number from 1 to 1000')
    expect(() => readReplayOptions([])).toThrow('give one recording, or --data and --set')
    expect(() => readReplayOptions(['--data', 'd'])).toThrow('--data needs --set, one of melbourne-bays')
  })

  it('moves the instants of what it publishes, whatever form the payload has', () => {
    const shift = (payload: string) => shiftInstants({ topic: 'estates/e/camera/c/telemetry', payload: Buffer.from(payload) }, 1000)
    expect(shift('{"ts":5,"fps":25}')).toBe('{"ts":1005,"fps":25}')
    expect(shift('[{"ts":5},{"fps":1}]')).toBe('[{"ts":1005},{"fps":1}]')
    expect(shift('not json')).toBe('not json')
  })
})
