/** The schema of `records.db`: the dashboard server writes it, every role reads the estates in it. Step `n` brings schema `n` to `n + 1`. */
export const RECORDS_FILE = 'records.db'

export const RECORDS_STEPS: readonly string[] = [
  `
  -- One row for each revision of the records; entries of the journal are evaluated with the newest one before them.
  create table revision (revision integer primary key, at integer not null) strict;
  -- What an estate was from a revision on; body is null where it was removed.
  create table estate_revision (
    estate text not null, revision integer not null references revision, body text,
    primary key (estate, revision)
  ) strict, without rowid;
  create table person (
    username text primary key, name text not null, role text not null,
    estates text not null, -- JSON: a list of ids or "*"
    password_hash text not null, -- argon2id
    created_at integer not null, password_set_at integer not null
  ) strict;
  create table session (
    token_sha256 text primary key, username text not null references person on delete cascade,
    created_at integer not null, last_used_at integer not null, expires_at integer not null
  ) strict, without rowid;
  create table credential (
    username text primary key, estate text not null, owner text not null, -- JSON: CredentialOwner
    password_sha256 text not null, publish text not null, subscribe text not null, -- JSON lists of topic filters
    created_at integer not null, rotated_at integer
  ) strict;
  create index credential_estate on credential (estate);
  create table setting (key text primary key, value text not null) strict, without rowid;
  `,
]
