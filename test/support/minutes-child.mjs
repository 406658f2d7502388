/** Makes the minutes of a telemetry store as a process of its own, for a test that kills it: `DATA_DIR NOW`. Ends by itself when all are made. */
import { openSqliteStore } from '../../dist/ingest/stores/sqlite-store.js'

const [dataDir, now] = process.argv.slice(2)
const store = openSqliteStore({ dataDir, rawDays: 0, minuteDays: 730 })
await store.maintain(Number(now))
await store.close()
