/** `npm run replay`: a recording, or real data as devices, through a system of its own at up to 1000 times its pace, or into a running one. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseExportLine } from '../broker/journal/export-line.ts'
import { readRecording } from '../broker/journal/recording.ts'
import type { Alarm } from '../domain/alarm.ts'
import { AppError } from '../domain/errors.ts'
import type { Estate } from '../domain/estate.ts'
import type { JournalEntry } from '../domain/journal.ts'
import { parseEstate } from '../estates/load.ts'
import { writeCut } from './cut-recording.ts'
import { openRealData } from './real-data/sets.ts'
import { readFacts, type RecordingFacts } from './recording-facts.ts'
import { replayInto } from './replay-into.ts'
import { readReplayOptions, REPLAY_USAGE, type ReplayOptions } from './replay-options.ts'
import { startReplaySystem, type ReplaySystem } from './replay-system.ts'

const MOST_ALARMS = 500
const SHOWN = 20

const scratch = mkdtempSync(join(tmpdir(), 'ew-replay-'))
try {
  await replay(readReplayOptions(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof RangeError) && !(error instanceof AppError)) throw error
  console.error(error instanceof AppError ? `${error.code}: ${error.message}` : `${error.message}\n\n${REPLAY_USAGE}`)
  for (const fault of error instanceof AppError ? (error.fields ?? []) : []) console.error(`  ${fault.path} ${fault.rule}`)
  process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.exit()

async function replay(options: ReplayOptions): Promise<void> {
  const { file, estate } = await findSource(options)
  const facts = await readFacts(file)
  console.log(
    `${facts.entries} entries of ${[...facts.estates].join(', ')}, ${instant(facts.firstAt)} to ${instant(facts.lastAt)}${facts.hasTicks ? '' : ', ticks derived'}`,
  )
  if (options.into) {
    const count = await replayInto(file, facts, options.into)
    console.log(`${count} messages acknowledged`)
    return
  }
  const system = await startReplaySystem(
    { file, speed: options.speed, firstAt: facts.firstAt, hasTicks: facts.hasTicks },
    { httpPort: options.httpPort, estate },
  )
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  try {
    await checkEstates(system, facts)
    console.log(`\n  Open     ${system.url}\n  Sign in  ${system.username} / ${system.password}\n`)
    await Promise.race([stopped, play(system, facts, options)])
    if (!options.exit) {
      console.log('Ctrl-C ends it and removes its data.')
      await stopped
    }
  } finally {
    await system.close()
  }
}

async function play(system: ReplaySystem, facts: RecordingFacts, { speed }: ReplayOptions): Promise<void> {
  const startedAt = performance.now()
  const show = process.stdout.isTTY
  const end = await system.play(({ at, entries }) => {
    if (show) process.stdout.write(`\r  ${instant(at)}  ${entries} of ${facts.entries}   `)
  })
  if (show) process.stdout.write('\n')
  await system.workedOff(end.head)
  const seconds = (performance.now() - startedAt) / 1000
  console.log(`${end.entries} entries given in ${seconds.toFixed(1)} s at ${speed}×, all worked off`)
  const { alarms } = await system.rest.call<{ alarms: readonly Alarm[] }>('GET', `/alarms?limit=${MOST_ALARMS}`)
  console.log(`${alarms.length}${alarms.length === MOST_ALARMS ? ' or more' : ''} alarms`)
  for (const alarm of alarms.slice(0, SHOWN))
    console.log(`  ${instant(alarm.raisedAt)}  P${alarm.priority}  ${alarm.code}  ${alarm.kind}/${alarm.device}  ${alarm.state}`)
}

/** The recording, or the part of it that is asked for, and the estate to load beforehand when it is none of the examples. */
async function findSource({
  source,
  cut,
  estateFile,
}: ReplayOptions): Promise<{ readonly file: string; readonly estate: Estate | undefined }> {
  const file = join(scratch, 'recording.jsonl')
  if ('file' in source) {
    if (!existsSync(source.file)) throw new RangeError(`there is no file ${source.file}`)
    const estate = estateFile === undefined ? undefined : readEstate(estateFile)
    if (!cut) return { file: source.file, estate }
    await writeCut(readRecording(source.file), { cut, file })
    return { file, estate }
  }
  const data = await openRealData(source.set, source.folder)
  await writeCut(entriesOf(data.lines()), { cut: cut ?? { devices: [] }, file })
  return { file, estate: data.estate }
}

async function* entriesOf(lines: AsyncIterable<string>): AsyncGenerator<JournalEntry> {
  for await (const line of lines) {
    const entry = parseExportLine(line)
    if ('fault' in entry) throw new RangeError(entry.fault)
    yield entry
  }
}

function readEstate(path: string): Estate {
  if (!existsSync(path)) throw new RangeError(`there is no file ${path}`)
  const parsed = parseEstate(readFileSync(path, 'utf8'))
  if (parsed.ok) return parsed.estate
  throw new RangeError(
    parsed.faults.map((fault) => `${path}:${fault.line ?? 1}:${fault.column ?? 1} ${fault.path} ${fault.rule}`).join('\n'),
  )
}

async function checkEstates({ rest }: ReplaySystem, { estates }: RecordingFacts): Promise<void> {
  const known = await rest.call<readonly { id: string }[]>('GET', '/estates')
  const missing = [...estates].filter((id) => !known.some((estate) => estate.id === id))
  if (missing.length > 0)
    throw new RangeError(`the recording is of ${missing.join(', ')}, which is no example estate: give its file with --estate-file`)
}

function instant(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 19)
}
