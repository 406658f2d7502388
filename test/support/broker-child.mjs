/** A broker as a process of its own, for tests that kill it: prints its port as JSON, then runs until it is ended. */
import { readConfig } from '../../dist/config.js'
import { startLog } from '../../dist/log.js'
import { startBroker } from '../../dist/broker/role.js'

const broker = await startBroker(readConfig(), startLog({ role: 'broker', level: 'silent' }), { segmentBytes: 1 << 20 })
process.stdout.write(`${JSON.stringify({ mqttPort: broker.mqttPort })}\n`)
process.once('SIGTERM', () => void broker.close().then(() => process.exit(0)))
