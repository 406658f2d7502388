/** How much room the data folder has for what ingest writes, and what a short disk has cost so far. */
import { statfsSync } from 'node:fs'
import { AppError } from '../domain/errors.ts'

/** Under this the oldest raw hours go. */
export const TRIM_MIB = 2048
/** Room counts as enough again when there is this much more than where it became short. */
const MORE = 1.1

export interface Room {
  freeMib(): number
  /** @throws AppError `disk-full` under the floor: nothing is written then, and the journal keeps it. */
  demand(): void
}

export function watchRoom(options: { readonly dataDir: string; readonly floorMib: number; readonly freeMib?: () => number }): Room {
  const { dataDir, floorMib } = options
  const freeMib = options.freeMib ?? (() => freeMibOf(dataDir))
  return {
    freeMib,
    demand: () => {
      const free = freeMib()
      if (free < floorMib)
        throw new AppError('disk-full', `${Math.floor(free)} MiB are free in ${dataDir}, under the floor of ${floorMib} MiB.`)
    },
  }
}

export interface ShortDisk {
  readonly active: boolean
  readonly detail: string
  readonly trimmedHours: number
}

/** Pure: what is to be told about the readings at this free space; stands until there is room again. */
export function judgeRoom(
  { freeMib, trimmedHours, floorMib }: { readonly freeMib: number; readonly trimmedHours: number; readonly floorMib: number },
  before: ShortDisk | undefined,
): ShortDisk {
  const free = `${Math.floor(freeMib)} MiB are free`
  const isUnder = (mib: number) => freeMib < mib * (before?.active ? MORE : 1)
  const removed = trimmedHours - (before?.trimmedHours ?? trimmedHours)
  if (isUnder(floorMib)) return { active: true, detail: `${free}: readings are not stored, they wait in the journal.`, trimmedHours }
  if (removed > 0 || (before?.active && isUnder(TRIM_MIB)))
    return { active: true, detail: `${free}: the oldest readings are removed hour by hour, ${trimmedHours} so far.`, trimmedHours }
  return { active: false, detail: `${free}.`, trimmedHours }
}

function freeMibOf(dataDir: string): number {
  const { bavail, bsize } = statfsSync(dataDir)
  return (bavail * bsize) / 2 ** 20
}
