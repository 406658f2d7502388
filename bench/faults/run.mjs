/** `npm run faults -- [options]`: installs and builds what is missing, then kills parts of a system under load and counts what was lost. */
import { prepare } from '../../scripts/prepare.mjs'
import { installServers } from '../../scripts/servers.mjs'

await prepare({ quiet: true })
const missing = installServers()
if (missing.length > 0) console.error(`Missing, and only root can install them: ${missing.join(', ')}`)
await import('../../dist/bench/faults/main.js')
