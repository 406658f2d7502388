/** Estates and their revisions: what was in force when an entry of the journal came in can be asked for as long as the journal is kept. */
import { sql, type Kysely } from 'kysely'
import type { EpochMs } from '../../../domain/clock.ts'
import type { Estate } from '../../../domain/estate.ts'
import type { RecordsDatabase, RecordsTables } from './database.ts'

/** Puts estates in force (`undefined` = removed) as one new revision. @returns its number. */
export async function saveEstates(
  records: RecordsDatabase,
  changes: { readonly put: readonly Estate[]; readonly remove: readonly string[]; readonly now: EpochMs },
): Promise<number> {
  return records.transaction().execute(async (transaction) => {
    const revision = ((await newestRevision(transaction)) ?? 0) + 1
    await transaction.insertInto('revision').values({ revision, at: changes.now }).execute()
    const rows = [
      ...changes.put.map((estate) => ({ estate: estate.id, revision, body: JSON.stringify(estate) })),
      ...changes.remove.map((estate) => ({ estate, revision, body: null })),
    ]
    if (rows.length > 0) await transaction.insertInto('estate_revision').values(rows).execute()
    if (changes.remove.length > 0) await transaction.deleteFrom('credential').where('estate', 'in', changes.remove).execute()
    return revision
  })
}

export async function newestRevision(records: Kysely<RecordsTables>): Promise<number | undefined> {
  const row = await records
    .selectFrom('revision')
    .select(({ fn }) => fn.max('revision').as('revision'))
    .executeTakeFirst()
  return row?.revision ?? undefined
}

/** The estates in force now, by id. */
export async function currentEstates(records: RecordsDatabase): Promise<readonly Estate[]> {
  const rows = await records
    .selectFrom('estate_revision as this')
    .select(['body'])
    .where('this.revision', '=', (builder) =>
      builder
        .selectFrom('estate_revision as other')
        .select(({ fn }) => fn.max('other.revision').as('revision'))
        .whereRef('other.estate', '=', 'this.estate'),
    )
    .where('body', 'is not', null)
    .orderBy('estate')
    .execute()
  return rows.map(({ body }) => JSON.parse(body!) as Estate)
}

/** Drops what no entry after `before` can ask for: for each estate everything older than the revision then in force. */
export async function pruneRevisions(records: RecordsDatabase, before: EpochMs): Promise<void> {
  const row = await records
    .selectFrom('revision')
    .select(({ fn }) => fn.max('revision').as('revision'))
    .where('at', '<=', before)
    .executeTakeFirst()
  if (!row?.revision) return
  const kept = row.revision
  await sql`
    delete from estate_revision where revision <
      (select max(revision) from estate_revision as newest where newest.estate = estate_revision.estate and newest.revision <= ${kept})
  `.execute(records)
}
