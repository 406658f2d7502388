/** `npm run journal -- stat | export | import | verify | consumers | gone`: looks into the journal, takes recordings out of it and puts them into an empty one, and says who still has to read it. */
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { exportEntries, type ExportFilter } from '../broker/journal/export.ts'
import { toExportLine } from '../broker/journal/export-line.ts'
import { importJournal } from '../broker/journal/import.ts'
import { startJournalReader } from '../broker/journal/reader.ts'
import { statJournal, verifyJournal } from '../broker/journal/verify.ts'
import { askConsumers, declareGone, type ConsumersReport } from '../broker/tell-consumers.ts'
import { BadSettings, readConfig } from '../config.ts'
import { EXIT_BAD_SETTINGS } from '../config.mjs'
import { AppError } from '../domain/errors.ts'
import { isId } from '../domain/topic.ts'

const USAGE = `npm run journal -- stat                                what it holds, segment by segment
npm run journal -- export [--estate <id>] [--from <time>] [--to <time>] [--out <file>]
                                                    JSON lines; with an estate: its messages, its gateways' presence, the ticks
npm run journal -- import [<file>]                  into an empty data folder, with the system stopped; without a file from standard input
npm run journal -- verify                           reads every page, finds what is missing; exit code 1 when something is
npm run journal -- consumers                           how far each consumer has read; nothing is cut before all have
npm run journal -- gone <consumer>                     do not wait for it: what it has not read may be cut
Times are ISO 8601 (2026-11-24T02:13:00+08:00) or epoch ms. The folder is DATA_DIR.
`

class BadUse extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args)
  const { dataDir } = readConfig()
  const [command, file, ...rest] = positionals
  if (values.help || command === undefined) {
    process.stdout.write(USAGE)
    return values.help ? 0 : 2
  }
  if (rest.length > 0 || (file !== undefined && command !== 'import' && command !== 'gone'))
    throw new BadUse(`unexpected: ${positionals.slice(1).join(' ')}`)
  if (command === 'stat') return stat(dataDir)
  if (command === 'verify') return verify(dataDir)
  if (command === 'export') return exportTo(dataDir, { filter: readFilter(values), out: values.out })
  if (command === 'import') return importFrom(dataDir, file)
  if (command === 'consumers') return showConsumers(await askConsumers(dataDir))
  if (command === 'gone' && file !== undefined) return showConsumers(await declareGone(dataDir, file))
  throw new BadUse(`there is no command ${command}`)
}

function stat(dataDir: string): number {
  const segments = statJournal(dataDir)
  const line = (cells: readonly (string | number)[]) => process.stdout.write(`${cells.map((cell) => String(cell).padStart(14)).join('')}\n`)
  line(['first', 'last', 'entries', 'MiB', '  from', '  to'])
  for (const { first, last, entries, bytes, firstReceivedAt, lastReceivedAt } of segments)
    line([first, last, entries, (bytes / 2 ** 20).toFixed(1), `  ${iso(firstReceivedAt)}`, `  ${iso(lastReceivedAt)}`])
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  const entries = segments.reduce((sum, segment) => sum + segment.entries, 0)
  process.stdout.write(`${entries} entries in ${segments.length} segments, ${(bytes / 2 ** 20).toFixed(1)} MiB, in ${dataDir}\n`)
  return 0
}

function verify(dataDir: string): number {
  const { segments, faults } = verifyJournal(dataDir)
  for (const { segment, fault } of faults) process.stdout.write(`segment ${segment}: ${fault}\n`)
  const first = segments[0]?.first ?? 1
  const last = segments.at(-1)?.last ?? 0
  process.stdout.write(
    faults.length === 0
      ? `Sound: entries ${first} to ${last} are all there, in ${segments.length} segments.\n`
      : `${faults.length} faults.\n`,
  )
  return faults.length === 0 ? 0 : 1
}

function showConsumers({ head, consumers }: ConsumersReport): number {
  for (const { name, cursor, isGone } of consumers) {
    const place =
      cursor === undefined ? 'has never reported' : `has committed up to ${cursor} of ${head}, ${Math.max(0, head - cursor)} behind`
    process.stdout.write(`${name} ${place}${isGone ? '; declared gone: nobody waits for it' : ''}\n`)
  }
  return 0
}

async function exportTo(dataDir: string, options: { readonly filter: ExportFilter; readonly out: string | undefined }): Promise<number> {
  const journal = startJournalReader({ dataDir })
  let count = 0
  const lines = function* () {
    for (const entry of exportEntries(journal, options.filter)) {
      count++
      yield `${toExportLine(entry)}\n`
    }
  }
  try {
    if (options.out === undefined) await pipeline(Readable.from(lines()), process.stdout, { end: false })
    else await pipeline(Readable.from(lines()), createWriteStream(options.out))
  } finally {
    await journal.close()
  }
  process.stderr.write(`${count} entries exported\n`)
  return 0
}

async function importFrom(dataDir: string, file: string | undefined): Promise<number> {
  const count = await importJournal({ dataDir, lines: linesOf(file) })
  process.stderr.write(`${count} entries imported into ${dataDir}\n`)
  return 0
}

// Opened when the first line is asked for: readline loses what comes before somebody listens.
async function* linesOf(file: string | undefined): AsyncGenerator<string> {
  if (file === undefined) yield* createInterface({ input: process.stdin, crlfDelay: Infinity })
  else yield* (await open(file)).readLines()
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        estate: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new BadUse(error instanceof Error ? error.message : String(error))
  }
}

function readFilter({ estate, from, to }: { readonly estate?: string; readonly from?: string; readonly to?: string }): ExportFilter {
  if (estate !== undefined && !isId(estate)) throw new BadUse(`--estate is an id of a-z, 0-9 and -, not ${String(estate)}`)
  return {
    ...(estate === undefined ? {} : { estate }),
    ...(from === undefined ? {} : { from: readTime('--from', from) }),
    ...(to === undefined ? {} : { to: readTime('--to', to) }),
  }
}

function readTime(name: string, text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isNaN(time)) throw new BadUse(`${name} is an ISO time or epoch ms, not ${text}`)
  return time
}

function iso(time: number | undefined): string {
  return time === undefined ? '–' : new Date(time).toISOString()
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof BadSettings) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = EXIT_BAD_SETTINGS
  } else if (error instanceof BadUse) {
    process.stderr.write(`${error.message}\n\n${USAGE}`)
    process.exitCode = 2
  } else if (error instanceof AppError) {
    process.stderr.write(`${error.code}: ${error.message}\n`)
    process.exitCode = 1
  } else if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    process.stderr.write(`${String(error)}\n`)
    process.exitCode = 1
  } else if ((error as NodeJS.ErrnoException).code === 'EPIPE')
    process.exitCode = 0 // `| head` has seen enough
  else throw error
}
