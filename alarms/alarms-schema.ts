/** The schema of `alarms.db`: the alarm engine writes it, the dashboard server reads it. Step `n` brings schema `n` to `n + 1`. */
export const ALARMS_FILE = 'alarms.db'

export const ALARMS_STEPS: readonly string[] = [
  `
  -- Every alarm that ever was; body is the engine's record with the alarm as everyone sees it in it.
  create table alarm (
    id text primary key, estate text not null, state text not null, priority integer not null, raised_at integer not null, body text not null
  ) strict, without rowid;
  create index alarm_newest on alarm (raised_at desc, id desc);
  create index alarm_estate_newest on alarm (estate, raised_at desc, id desc);
  create index alarm_open on alarm (estate) where state <> 'closed';
  create table timeline (
    alarm text not null, n integer not null, at integer not null, what text not null, who text, detail text,
    primary key (alarm, n)
  ) strict, without rowid;
  -- What the engine knows of each device, timers included.
  create table device (key text primary key, body text not null) strict, without rowid;
  -- The clock, the groups, and the cursor into the journal.
  create table engine (name text primary key, body text not null) strict, without rowid;
  -- What is still to be told; a row goes once the journal has it.
  create table outbox (n integer primary key autoincrement, topic text not null, payload text not null) strict;
  -- What became of each action, so that it takes effect once.
  create table result (action text primary key, at integer not null, body text not null) strict, without rowid;
  create index result_at on result (at);
  `,
]
