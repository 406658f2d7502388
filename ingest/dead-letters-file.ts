/** The layout of `dead-letters.db`, shared by its one writer and its readers. */
import type { JournalEntry } from '../domain/journal.ts'
import type { SqlRow } from '../storage/sqlite.ts'

export const DEAD_LETTERS_FILE = 'dead-letters.db'

export const DEAD_LETTERS_STEPS: readonly string[] = [
  `create table message (seq integer primary key, received_at integer not null, client text not null, topic text not null, estate text not null, payload blob not null);
   create index message_client on message (client, seq);
   create table letter (seq integer not null, ordinal integer not null, reason text not null, detail text not null, field text, element integer, value text,
     primary key (seq, ordinal)) without rowid;
   create table counts (reason text primary key, n integer not null) without rowid;
   create table revision (seq integer primary key, revision integer not null);
   create table meta (key text primary key, value integer not null) without rowid;`,
]

export function toEntry(row: SqlRow): JournalEntry {
  return {
    seq: Number(row['seq']),
    receivedAt: Number(row['received_at']),
    client: String(row['client']),
    topic: String(row['topic']),
    payload: row['payload'] as Uint8Array,
  }
}
