/** Puts estates in force and takes them away: checks what stands on devices that would vanish, saves a revision, and tells broker and journal. */
import type { Alarm } from '../../domain/alarm.ts'
import { isStanding } from '../../domain/alarm.ts'
import type { Clock } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import type { Estate } from '../../domain/estate.ts'
import { parseEstate } from '../../estates/load.ts'
import type { BrokerSync } from './broker-sync.ts'
import { forgetExamples, loadedExamples } from './examples.ts'
import type { RecordsDatabase } from './records/database.ts'
import { currentEstates, saveEstates } from './records/estates.ts'
import { listCredentials, removeCredential } from './records/credentials.ts'

export interface EstatesService {
  all(): readonly Estate[]
  find(id: string): Estate | undefined
  /** @throws AppError `not-found` */
  demand(id: string): Estate
  /** Ids of the example estates that are there. */
  examples(): readonly string[]
  /** @throws AppError `bad-estate` with every fault, `urgent-alarms-stand` unless forced */
  put(text: string, options: { readonly force: boolean }): Promise<{ readonly estate: Estate; readonly created: boolean }>
  /** @throws AppError `not-found`, `urgent-alarms-stand` unless forced */
  remove(id: string, options: { readonly force: boolean }): Promise<void>
}

export interface EstatesOptions {
  readonly records: RecordsDatabase
  readonly dataDir: string
  readonly sync: BrokerSync
  readonly clock: Clock
  /** Alarms of an estate that are not closed. */
  readonly alarmsOf: (estate: string) => readonly Alarm[]
}

export async function createEstatesService(options: EstatesOptions): Promise<EstatesService> {
  const { records, dataDir, sync, clock } = options
  let estates = new Map((await currentEstates(records)).map((estate) => [estate.id, estate]))
  let examples = await loadedExamples(records)
  let turn: Promise<unknown> = Promise.resolve()

  // Changes take turns: each is judged by what the one before it left.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
  const save = async (change: { readonly put: readonly Estate[]; readonly remove: readonly string[] }) => {
    await saveEstates(records, { ...change, now: clock() })
    estates = new Map((await currentEstates(records)).map((estate) => [estate.id, estate]))
    const left = examples.filter((id) => estates.has(id))
    if (left.length !== examples.length) await forgetExamples({ records, dataDir }, left)
    examples = left
    await sync.revision()
    await sync.credentials()
  }
  const refuseWhileUrgent = (id: string, next: Estate | undefined) => {
    const stays = new Set(next?.devices.map(({ kind, id: device }) => `${kind}/${device}`))
    const urgent = options
      .alarmsOf(id)
      .filter((alarm) => alarm.priority === 1 && isStanding(alarm) && !stays.has(`${alarm.kind}/${alarm.device}`))
    if (urgent.length > 0)
      throw new AppError('urgent-alarms-stand', undefined, {
        fields: urgent.map(({ kind, device, code }) => ({ path: `${kind}/${device}`, rule: `${code} stands` })),
      })
  }

  return {
    all: () => [...estates.values()],
    find: (id) => estates.get(id),
    demand: (id) => {
      const estate = estates.get(id)
      if (!estate) throw new AppError('not-found', `There is no estate ${id}.`)
      return estate
    },
    examples: () => examples,
    put: (text, { force }) =>
      inTurn(async () => {
        const parsed = parseEstate(text)
        if (!parsed.ok) throw new AppError('bad-estate', undefined, { fields: parsed.faults })
        const { estate } = parsed
        const created = !estates.has(estate.id)
        if (!force) refuseWhileUrgent(estate.id, estate)
        await removeOrphans(records, estate)
        await save({ put: [estate], remove: examples.includes(estate.id) ? [] : examples })
        return { estate, created }
      }),
    remove: (id, { force }) =>
      inTurn(async () => {
        if (!estates.has(id)) throw new AppError('not-found', `There is no estate ${id}.`)
        if (!force) refuseWhileUrgent(id, undefined)
        await save({ put: [], remove: [id] })
      }),
  }
}

/** Credentials of gateways and devices that the new file no longer has. */
async function removeOrphans(records: RecordsDatabase, estate: Estate): Promise<void> {
  const has = (kind: string, id: string) => estate.devices.some((device) => device.kind === kind && device.id === id)
  for (const { username, owner } of await listCredentials(records, estate.id)) {
    if (owner.type === 'gateway' && !has('gateway', owner.gateway)) await removeCredential(records, { estate: estate.id, username })
    if (owner.type === 'device' && !has(owner.kind, owner.device)) await removeCredential(records, { estate: estate.id, username })
  }
}
