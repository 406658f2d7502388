/** Runs one built command after installing and building what is missing: `node scripts/run.mjs simulators/replay file …`. */
import { prepare } from './prepare.mjs'

const [entry] = process.argv.splice(2, 1)
await prepare({ quiet: true })
await import(`../dist/${entry}.js`)
