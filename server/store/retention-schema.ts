/** What was taken out of this file into archives, and how the daily housekeeping stands. */
import type { Migration } from './migrate.ts';

export const retentionMigration: Migration = {
  version: 9,
  name: 'archives of old messages, and the daily housekeeping',
  up: (db) =>
    db.exec(`
      create table message_archives (
        /* Its file in the folder of archives. */
        name text primary key,
        sha256 text not null,
        bytes integer not null,
        messages integer not null,
        first_sent_at integer not null,
        last_sent_at integer not null,
        created_at integer not null,
        /* When what it holds was gone from here; until then a part of it is in both places. */
        emptied_at integer,
        row_hash text not null
      ) strict;

      /* What goes with a message is found by it. */
      create index seen_by_message on seen_messages (message_id);

      /* One row at most. */
      create table housekeeping (
        place integer primary key check (place = 1),
        /* When the person was told that old messages will be archived, and when they agreed. */
        announced_at integer,
        agreed_at integer,
        /* The last daily look, and what came of the last run, as JSON. */
        looked_at integer,
        last_run text,
        row_hash text not null
      ) strict;
    `),
};
