import { openInflux1Store } from '../../ingest/stores/influx1-store.ts'
import { startInflux, whyNoInflux } from '../support/influx.ts'
import { describeStore } from './store-suite.ts'

const reason = whyNoInflux()
if (reason === undefined)
  describeStore('InfluxDB 1.x', async () => {
    const server = await startInflux()
    const open = async () => openInflux1Store({ url: server.url, database: 'estatewatch', rawDays: 30, minuteDays: 730 })
    return { open, close: async () => server.close() }
  })
