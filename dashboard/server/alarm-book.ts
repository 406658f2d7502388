/** The alarms as the engine has written them, read for the API. */
import type { Alarm } from '../../domain/alarm.ts'
import type { EpochMs } from '../../domain/clock.ts'

export interface AlarmQuery {
  /** Those that the person may see. */
  readonly estates: readonly string[] | '*'
  readonly standing?: boolean
  /** Raised within. */
  readonly from?: EpochMs
  readonly to?: EpochMs
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string
}

export interface AlarmPage {
  readonly alarms: readonly Alarm[]
  readonly next: string | null
}

export interface AlarmBook {
  /** All that are not closed; undefined while the engine has never run. */
  open(): readonly Alarm[] | undefined
  find(id: string): Alarm | undefined
  /** Newest first. */
  page(query: AlarmQuery): AlarmPage
  close(): void
}

/** Nothing is in it before the engine has made its file. */
export function openAlarmBook(_dataDir: string): AlarmBook {
  return { open: () => undefined, find: () => undefined, page: () => ({ alarms: [], next: null }), close: () => undefined }
}
