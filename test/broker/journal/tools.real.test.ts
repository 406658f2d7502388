import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startJournalReader } from '../../../broker/journal/reader.ts'
import { verifyJournal } from '../../../broker/journal/verify.ts'
import { startJournalWriter } from '../../../broker/journal/writer.ts'
import { builtFile } from '../../../project-root.ts'
import { openDatabase } from '../../../storage/sqlite.ts'
import { startTestBroker } from '../../support/broker.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

const folders: { remove(): void }[] = []
let dataDir: string
beforeEach(() => {
  dataDir = newDir()
})
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

function newDir(): string {
  const temp = makeTempDir()
  folders.push(temp)
  return temp.path
}

function journal(args: readonly string[], options: { readonly dir?: string; readonly input?: string } = {}) {
  return spawnSync(process.execPath, [builtFile('scripts/journal'), ...args], {
    env: { ...process.env, DATA_DIR: options.dir ?? dataDir },
    encoding: 'utf8',
    timeout: 20_000,
    ...(options.input === undefined ? {} : { input: options.input }),
  })
}

const presence = (username: string) =>
  Buffer.from(JSON.stringify({ v: 1, username, what: 'connected', connections: 1, clientId: 'x', address: '::1' }))

async function fill(): Promise<void> {
  const writer = await startJournalWriter({ dataDir, segmentBytes: 2_000 })
  for (let n = 0; n < 60; n++) {
    const receivedAt = 1_000_000 + n * 1_000
    await writer.append({ receivedAt, client: 'gw.a.g', topic: 'estates/a/camera/c1/telemetry', payload: Buffer.from(`{"fps":${n}}`) })
    await writer.append({ receivedAt, client: 'gw.b.g', topic: 'estates/b/camera/c1/telemetry', payload: Buffer.from([0xff, n]) })
    await writer.append({ receivedAt, client: 'system', topic: 'system/tick', payload: Buffer.from(`{"v":1,"at":${receivedAt}}`) })
  }
  await writer.append({ receivedAt: 1_100_000, client: 'system', topic: 'system/presence', payload: presence('gw.a.g') })
  await writer.append({ receivedAt: 1_100_000, client: 'system', topic: 'system/presence', payload: presence('gw.b.g') })
  await writer.append({ receivedAt: 1_100_000, client: 'system', topic: 'system/alarm', payload: Buffer.from('{}') })
  await writer.close()
}

async function readAll(dir: string) {
  const reader = startJournalReader({ dataDir: dir })
  const entries = reader.read(0, 2_000).map((entry) => ({ ...entry, payload: Buffer.from(entry.payload).toString('base64') }))
  await reader.close()
  return entries
}

test('what is exported and imported elsewhere is the same journal, payloads that are no text included', async () => {
  await fill()
  const file = join(dataDir, 'all.jsonl')
  expect(journal(['export', '--out', file]).status).toBe(0)
  const other = newDir()
  const imported = journal(['import', file], { dir: other })
  expect(imported.stderr).toContain('183 entries imported')
  // One segment holds them there, several here.
  const before: unknown[] = []
  const reader = startJournalReader({ dataDir })
  for (let cursor = 0; cursor < reader.head(); cursor = before.length)
    before.push(...reader.read(cursor, 2_000).map((entry) => ({ ...entry, payload: Buffer.from(entry.payload).toString('base64') })))
  await reader.close()
  expect(await readAll(other)).toEqual(before)
})

test("an estate's recording holds its messages, its gateways' presence and the ticks of the time asked for", async () => {
  await fill()
  const { stdout } = journal(['export', '--estate', 'a', '--from', '1010000', '--to', new Date(1_100_000).toISOString()])
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { topic: string; payload: string; receivedAt: number })
  const count = (topic: string) => lines.filter((line) => line.topic === topic).length
  expect([count('estates/a/camera/c1/telemetry'), count('system/tick'), count('system/presence'), lines.length]).toEqual([50, 50, 1, 101])
  expect(lines[0]).toMatchObject({ receivedAt: 1_010_000, payload: '{"fps":10}' })
})

test('import refuses a journal that is not empty, one that is being written, and a line that is none', async () => {
  await fill()
  const line = JSON.stringify({ seq: 1, receivedAt: 1, client: 'c', topic: 't', payload: 'p' })
  expect(journal(['import'], { input: line }).stderr).toContain('already-exists')
  const other = newDir()
  const bad = journal(['import'], { dir: other, input: `${line}\n{"seq":2}\n` })
  expect([bad.status, bad.stderr]).toEqual([1, 'bad-request: Line 2 needs whole numbers seq and receivedAt.\n'])
  const third = newDir()
  const writer = await startJournalWriter({ dataDir: third })
  expect(journal(['import'], { dir: third, input: line }).stderr).toContain('already-running')
  await writer.close()
})

test('verify names a row that was taken out, a segment that is gone and a file that is damaged', async () => {
  await fill()
  expect(journal(['verify'])).toMatchObject({ status: 0, stdout: expect.stringContaining('entries 1 to 183 are all there') as string })
  const [, second, third, fourth] = verifyJournal(dataDir).segments
  const path = (first: number) => join(dataDir, 'journal', `${String(first).padStart(12, '0')}.sqlite`)
  const database = openDatabase(path(second!.first))
  database.exec(`delete from entry where seq in (${second!.first + 2}, ${second!.last - 1})`)
  database.close()
  writeFileSync(path(third!.first), 'this is no database at all, whatever its name says')
  const bytes = readFileSync(path(fourth!.first))
  bytes.fill(0xaa, 4_096, 4_200)
  writeFileSync(path(fourth!.first), bytes)
  const { status, stdout } = journal(['verify'])
  expect(status).toBe(1)
  expect(stdout).toContain(`segment ${second!.first}: number ${second!.first + 2} is missing`)
  expect(stdout).toContain(`segment ${second!.first}: number ${second!.last - 1} is missing`)
  expect(stdout).toContain(`segment ${third!.first}: cannot be read`)
  expect(stdout).toMatch(new RegExp(`segment ${fourth!.first}: `))
})

test('stat says what each segment holds, and a wrong command how to do it', async () => {
  await fill()
  const { stdout, status } = journal(['stat'])
  expect(status).toBe(0)
  expect(stdout).toContain('183 entries in')
  expect(stdout).toContain(new Date(1_100_000).toISOString())
  expect(journal(['statt'])).toMatchObject({ status: 2, stderr: expect.stringContaining('there is no command statt') as string })
})

test('who has still to read is shown and can be declared gone, with the broker stopped and with it running', async () => {
  expect(journal(['consumers'])).toMatchObject({ status: 1, stderr: expect.stringContaining('not-found') as string })
  await fill()
  expect(journal(['consumers']).stdout).toContain('ingest has never reported')
  expect(journal(['gone', 'nobody'])).toMatchObject({ status: 1, stderr: expect.stringContaining('No consumer is named nobody') as string })
  expect(journal(['gone', 'ingest'])).toMatchObject({ status: 0, stdout: expect.stringContaining('declared gone') as string })
  const broker = await startTestBroker({ credentials: [] })
  try {
    await broker.link.request('committed', { name: 'alarms', cursor: 1 })
    const run = async (...args: readonly string[]) => {
      const child = spawn(process.execPath, [builtFile('scripts/journal'), ...args], { env: { ...process.env, DATA_DIR: broker.dataDir } })
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
      return { stdout, stderr }
    }
    expect((await run('gone', 'alarms')).stdout).toMatch(/alarms has committed up to 1 of \d+, \d+ behind; declared gone/)
    expect((await run('gone', 'nobody')).stderr).toContain('No consumer is named nobody')
    expect((await run('consumers')).stdout).toMatch(/dashboard has never reported\n/)
  } finally {
    await broker.close()
  }
})
