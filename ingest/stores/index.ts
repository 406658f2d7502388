/** Opens the telemetry store that the settings name: for ingest to write, and for the dashboard to read. */
import type { Config } from '../../config.ts'
import type { TelemetryStore } from '../../domain/telemetry.ts'
import { openInflux1Store } from './influx1-store.ts'
import { openInflux2Store } from './influx2-store.ts'
import { openSqliteHistory, type TelemetryHistory } from './sqlite-history.ts'
import { openSqliteStore } from './sqlite-store.ts'

export type { TelemetryHistory } from './sqlite-history.ts'

type StoreSettings = Pick<Config, 'store' | 'dataDir' | 'rawDays' | 'minuteDays' | 'diskFloorMib'>

/** @throws AppError `schema-unknown` */
export function openStore(config: StoreSettings): TelemetryStore {
  const { dataDir, rawDays, minuteDays } = config
  switch (config.store.type) {
    case 'sqlite':
      return openSqliteStore({ dataDir, rawDays, minuteDays, floorBytes: config.diskFloorMib * 1024 ** 2 })
    case 'influx1':
      return openInflux1Store({ ...config.store, rawDays, minuteDays })
    case 'influx2':
      return openInflux2Store({ ...config.store, rawDays, minuteDays })
  }
}

/** History and latest values only; may be opened before ingest has ever run. */
export function openHistory(config: Pick<Config, 'store' | 'dataDir' | 'rawDays' | 'minuteDays'>): TelemetryHistory {
  switch (config.store.type) {
    case 'sqlite':
      return openSqliteHistory({ dataDir: config.dataDir })
    case 'influx1':
      return openInflux1Store({ ...config.store, rawDays: config.rawDays, minuteDays: config.minuteDays })
    case 'influx2':
      return openInflux2Store({ ...config.store, rawDays: config.rawDays, minuteDays: config.minuteDays })
  }
}
