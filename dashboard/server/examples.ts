/** The three example estates: loaded while none is configured, with credentials for the simulated gateways, and taken away with all that is theirs when the first real one comes. */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EpochMs } from '../../domain/clock.ts'
import { credentialUsername, type CredentialOwner } from '../../domain/credential.ts'
import { AppError } from '../../domain/errors.ts'
import type { Estate } from '../../domain/estate.ts'
import { deviceTopic } from '../../domain/topic.ts'
import { parseEstate } from '../../estates/load.ts'
import { projectRoot } from '../../project-root.ts'
import { addCredential, listCredentials, rotateCredential, type NewCredential } from './records/credentials.ts'
import type { RecordsDatabase } from './records/database.ts'
import { currentEstates, saveEstates } from './records/estates.ts'
import { readSetting, writeSetting } from './records/settings.ts'

interface Context {
  readonly records: RecordsDatabase
  readonly dataDir: string
  readonly now: EpochMs
}

/** Loads them on a first start; finishes a start that was cut off in the middle. */
export async function ensureExamples(context: Context): Promise<void> {
  const { records, now } = context
  const loaded = await loadedExamples(records)
  const estates = await currentEstates(records)
  if (loaded.length === 0) {
    const examples = readExamples()
    if (estates.some(({ id }) => !examples.some((example) => example.id === id))) return
    await saveEstates(records, { put: examples, remove: [], now })
    await writeSimulatorCredentials(context, examples)
    await writeSetting(records, 'examples', JSON.stringify(examples.map(({ id }) => id)))
    return
  }
  const present = estates.filter(({ id }) => loaded.includes(id))
  if (present.length === 0) {
    await forgetExamples(context, [])
    if (estates.length === 0) await ensureExamples(context)
  } else if (!isWhole(context.dataDir, present)) await writeSimulatorCredentials(context, present)
}

/** Ids of the example estates that are still there. */
export async function loadedExamples(records: RecordsDatabase): Promise<readonly string[]> {
  return JSON.parse((await readSetting(records, 'examples')) ?? '[]') as string[]
}

/** Forgets that they were there; the caller has removed the estates, and their credentials with them. */
export async function forgetExamples(context: Pick<Context, 'records' | 'dataDir'>, left: readonly string[]): Promise<void> {
  await writeSetting(context.records, 'examples', JSON.stringify(left))
  if (left.length === 0) rmSync(credentialsPath(context.dataDir), { force: true })
}

export function credentialsPath(dataDir: string): string {
  return join(dataDir, 'run', 'simulator-credentials.json')
}

function readExamples(): readonly Estate[] {
  const folder = join(projectRoot, 'estates', 'examples')
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => {
      const parsed = parseEstate(readFileSync(join(folder, name), 'utf8'))
      if (!parsed.ok) throw new AppError('bad-estate', `estates/examples/${name} has faults.`, { fields: parsed.faults })
      return parsed.estate
    })
}

/** The device in whose name the welcome of `npm start` shows a message to try. */
const TRIAL = { type: 'device', estate: 'yangqu-760', kind: 'fence-zone', device: 'zone-5' } as const

type Passwords = Record<string, Record<string, NewCredential>>

async function writeSimulatorCredentials({ records, dataDir, now }: Context, estates: readonly Estate[]): Promise<void> {
  const known = new Set((await listCredentials(records)).map(({ username }) => username))
  const issue = (owner: CredentialOwner) => {
    const username = credentialUsername(owner)
    return known.has(username) ? rotateCredential(records, { estate: owner.estate, username }, now) : addCredential(records, owner, { now })
  }
  const all: Passwords = {}
  for (const estate of estates) {
    const ofEstate: Record<string, NewCredential> = {}
    for (const { id } of estate.devices.filter(({ kind }) => kind === 'gateway'))
      ofEstate[id] = await issue({ type: 'gateway', estate: estate.id, gateway: id })
    all[estate.id] = ofEstate
  }
  const example = estates.some(({ id }) => id === TRIAL.estate)
    ? { ...(await issue(TRIAL)), topic: deviceTopic({ ...TRIAL, channel: 'event' }) }
    : undefined
  mkdirSync(join(dataDir, 'run'), { recursive: true })
  const path = credentialsPath(dataDir)
  writeFileSync(`${path}.new`, JSON.stringify({ estates: all, example }), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** Does the file name every gateway? `run/` may have been emptied. A password that somebody has rotated since is left alone. */
function isWhole(dataDir: string, estates: readonly Estate[]): boolean {
  try {
    const { estates: known } = JSON.parse(readFileSync(credentialsPath(dataDir), 'utf8')) as { estates: Passwords }
    return estates.every((estate) => estate.devices.every(({ kind, id }) => kind !== 'gateway' || known[estate.id]?.[id] !== undefined))
  } catch {
    return false
  }
}

/** Do simulated devices run? The process that runs them keeps the same rule. */
export function isSimulated(examples: readonly string[], simulate: string): boolean {
  return examples.length > 0 && simulate !== 'off'
}
