/**
 * What was taken out of transcripts. Its archives are in the database that has the audit log, because one is told there with
 * its hash; what went of each session is beside the items, because it is kept in the transaction that removes them.
 */
import type { Migration } from './migrate.ts';

export const transcriptArchivesMigration: Migration = {
  version: 11,
  name: 'archives of old transcripts',
  up: (db) =>
    db.exec(`
      create table transcript_archives (
        /* Its file in the folder of archives of transcripts. */
        name text primary key,
        sha256 text not null,
        bytes integer not null,
        items integer not null,
        first_at integer not null,
        last_at integer not null,
        created_at integer not null,
        /* When what it holds was gone from the transcripts; until then a part of it is in both places. */
        emptied_at integer,
        row_hash text not null
      ) strict;
    `),
};

export const archivedItemsMigration: Migration = {
  version: 8,
  name: 'what went of each transcript',
  up: (db) =>
    db.exec(`
      create table archived_items (
        session_id text not null,
        archive text not null,
        items integer not null,
        first_at integer not null,
        last_at integer not null,
        up_to_ordinal integer not null,
        /* So that a session still counts what it did. */
        tool_calls integer not null,
        gathering_calls integer not null,
        hook_failures integer not null,
        archived_at integer not null,
        row_hash text not null,
        primary key (session_id, archive)
      ) strict;
    `),
};
