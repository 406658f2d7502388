/** What ingest says of itself: its status file, the faults that are alarms, and the log. */
import type { Clock, EpochMs } from '../domain/clock.ts'
import { AppError } from '../domain/errors.ts'
import type { Log } from '../log.ts'
import type { StatusWriter } from '../storage/role-status.ts'
import type { FaultReporter } from './fault-reporter.ts'
import type { PumpFigures, PumpOptions } from './pump.ts'
import { judgeRoom, type ShortDisk } from './room.ts'

export interface HealthOptions {
  readonly status: StatusWriter
  readonly faults: FaultReporter
  readonly log: Log
  readonly store: string
  readonly floorMib: number
  readonly clock?: Clock
}

export interface Health {
  readonly listeners: Required<Pick<PumpOptions, 'onWaiting' | 'onFailure' | 'onGap'>>
  look(figures: PumpFigures, about: LookAbout): void
}

export interface LookAbout {
  readonly lagMs: number
  readonly freeMib: number
  /** Undefined: the store has no disk of ours. */
  readonly trimmedHours: number | undefined
}

/** A store that is back sooner is no alarm. */
const DOWN_MS = 3000
/** A fault of our own stands until there was none for so long. */
const FAILURE_MS = 600_000

export function makeHealth({ status, faults, log, store, floorMib, clock = Date.now }: HealthOptions): Health {
  let waiting: 'store' | 'records' | 'start' | undefined = 'start'
  let storeDetail = ''
  let downSince: EpochMs | undefined
  let down: boolean | undefined
  let failedAt: EpochMs | undefined
  let isFull = false
  let disk: ShortDisk | undefined

  const setDown = (value: boolean, detail: string) => {
    if (down === value) return
    down = value
    faults.set('store-down', value, detail)
  }
  return {
    listeners: {
      onWaiting: (what, error) => {
        if (what !== waiting) {
          if (what === 'store') log.warn({ err: error, store }, 'the telemetry store does not take readings; they wait in the journal')
          else if (what === undefined && waiting === 'store') log.info({ store }, 'the telemetry store takes readings again')
        }
        waiting = what
        if (what === 'store') {
          isFull = error instanceof AppError && error.code === 'disk-full'
          downSince = isFull ? undefined : (downSince ?? clock()) // a short disk is an alarm of its own
          storeDetail = describe(error)
        } else if (what === undefined) {
          downSince = undefined
          setDown(false, `The telemetry store (${store}) takes readings.`)
        }
      },
      onFailure: (failure) => {
        failedAt = clock()
        log.error({ err: failure }, 'a message could not be read by a fault of ours; it is kept as a dead letter')
        faults.set('internal-error', true, `Ingest could not read a message: ${describe(failure)}`)
      },
      onGap: ({ from, to }) => {
        log.error({ from, to }, 'journal entries are missing that were not stored yet')
        faults.set('journal-gap', true, `Journal entries ${from} to ${to} are missing; their readings are not stored.`)
        faults.set('journal-gap', false, `Journal entries ${from} to ${to} are missing; the entries after them are read.`)
      },
    },
    look: (figures, { lagMs, freeMib, trimmedHours }) => {
      const now = clock()
      disk = judgeRoom({ freeMib, trimmedHours: trimmedHours ?? 0, floorMib }, disk)
      faults.set('disk-low', disk.active, disk.detail)
      if (downSince !== undefined && now - downSince >= DOWN_MS) setDown(true, storeDetail)
      if (failedAt !== undefined && now - failedAt >= FAILURE_MS) {
        failedAt = undefined
        faults.set('internal-error', false, 'No further fault while reading messages.')
      }
      const { cursor, points, rejected, unknownFields, clockFaults } = figures
      status.set({
        ...STATES[waiting ?? 'running'],
        ...(waiting === 'store' && {
          waitingFor: isFull ? `Room on the disk: ${storeDetail}` : `The telemetry store (${store}): ${storeDetail}`,
        }),
        cursor,
        lagMs,
        figures: {
          store: down || waiting === 'store' ? 'down' : 'up',
          storeName: store,
          points,
          rejected,
          unknownFields,
          clockFaults,
          freeMib: Math.floor(freeMib),
          ...(trimmedHours !== undefined && { trimmedHours }),
        },
      })
    },
  }
}

const STATES = {
  start: { state: 'waiting', waitingFor: 'New entries in the journal: is the broker running?' },
  records: { state: 'waiting', waitingFor: 'The first estate: records.db has no revision yet.' },
  store: { state: 'degraded' },
  running: { state: 'running', waitingFor: '' },
} as const

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
