/** `npm run bench -- <name>`: runs one measurement and prints its table, then one line of JSON; exit code 0 only when its limits hold. */
import process from 'node:process'
import { printReport, type Bench } from './report.ts'

/** One line a measurement; each file holds one claim of the README or of docs/operations.md. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  estates: async () => (await import('./estates.ts')).estates,
  line: async () => (await import('./line.ts')).line,
  stores: async () => (await import('./stores.ts')).stores,
  broker: async () => (await import('./broker.ts')).default,
  connections: async () => (await import('./connections.ts')).default,
  page: async () => (await import('./page.ts')).default,
  screen: async () => (await import('./screen.ts')).default,
  rules: async () => (await import('./rules.ts')).default,
  hostile: async () => (await import('./hostile/bench.ts')).default,
}

const [name = '', ...args] = process.argv.slice(2)
const load = BENCHES[name]
if (!load) {
  console.error(`No measurement is named "${name}". There are: ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(64) // EX_USAGE
}
const bench = await load()
const met = printReport(name, await bench(args))
process.exit(met ? 0 : 1)
