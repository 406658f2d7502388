import { describeStore } from './store-suite.ts'
import { openSqliteStore } from '../../ingest/stores/sqlite-store.ts'
import { makeTempDir } from '../support/temp-dir.ts'

describeStore('SQLite', async () => {
  const dir = makeTempDir()
  return { open: async () => openSqliteStore({ dataDir: dir.path, rawDays: 30, minuteDays: 730 }), close: async () => dir.remove() }
})
