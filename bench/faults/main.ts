/** `npm run faults -- --kills 200 --seed <n> --rate 2000 [--influx]`: prints a table by victim, then one line of JSON; exit code 0 only when nothing was lost and nothing doubled. */
import process from 'node:process'
import { printReport } from '../report.ts'
import { runFaults } from './faults.ts'
import { FAULTS_USAGE, readFaultOptions } from './options.ts'

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130)) // whatever was started ends with it
try {
  const options = readFaultOptions(process.argv.slice(2))
  const report = await runFaults(options, (line) => console.error(line))
  process.exit(printReport('faults', report) ? 0 : 1)
} catch (error) {
  if (!(error instanceof RangeError)) throw error
  console.error(`${error.message}\n\n${FAULTS_USAGE}`)
  process.exit(64) // EX_USAGE
}
