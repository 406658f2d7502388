/** The real data that can be replayed as devices. */
import { openCarParks } from './car-parks.ts'
import type { RealData } from './data-estate.ts'
import { openElevatorDoor } from './elevator-door.ts'
import { openMelbourneBays } from './melbourne-bays.ts'

export const REAL_DATA_SETS = ['melbourne-bays', 'car-parks', 'elevator-door'] as const
export type RealDataSet = (typeof REAL_DATA_SETS)[number]

const OPEN: Readonly<Record<RealDataSet, (folder: string) => Promise<RealData>>> = {
  'melbourne-bays': openMelbourneBays,
  'car-parks': openCarParks,
  'elevator-door': openElevatorDoor,
}

export function openRealData(set: RealDataSet, folder: string): Promise<RealData> {
  return OPEN[set](folder)
}
