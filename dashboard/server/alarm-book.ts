/** The alarms as the engine has written them, read for the API; empty while the engine has never run. */
import type { Alarm } from '../../domain/alarm.ts'
import { openAlarmsReader, type AlarmPage, type AlarmQuery, type AlarmsReader } from '../../alarms/alarms-reader.ts'

export interface AlarmBook {
  /** All that are not closed; undefined while the engine has never run. */
  open(): readonly Alarm[] | undefined
  find(id: string): Alarm | undefined
  /** Newest first. */
  page(query: AlarmQuery): AlarmPage
  timeline(id: string): ReturnType<AlarmsReader['timeline']>
  close(): void
}

/** @throws AppError `schema-unknown` from each call, for a file of a later version. */
export function openAlarmBook(dataDir: string): AlarmBook {
  let opened: AlarmsReader | undefined
  const reader = () => (opened ??= openAlarmsReader({ dataDir }))
  return {
    open: () => reader()?.notClosed(),
    find: (id) => reader()?.get(id),
    page: (query) => reader()?.list(query) ?? { alarms: [], next: null },
    timeline: (id) => reader()?.timeline(id) ?? [],
    close: () => opened?.close(),
  }
}
