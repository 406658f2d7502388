/** A handful of single values in `records.db`. */
import type { RecordsDatabase } from './database.ts'

/** `examples`: JSON list of the example estates that are loaded. `journaled-revision`: the newest revision that the journal has been told of. `credentials-revision`: counts the lists sent to the broker. */
export type SettingKey = 'examples' | 'journaled-revision' | 'credentials-revision'

export async function readSetting(records: RecordsDatabase, key: SettingKey): Promise<string | undefined> {
  const row = await records.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value
}

export async function writeSetting(records: RecordsDatabase, key: SettingKey, value: string): Promise<void> {
  await records
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
