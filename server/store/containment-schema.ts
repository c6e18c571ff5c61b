/** Version 5 of `btmsg.db`: what was taken from agents, and the incident that lasts. */
import type { Migration } from './migrate.ts';

export const containmentMigration: Migration = {
  version: 5,
  name: 'capabilities that were revoked, and incident mode',
  up: (db) =>
    db.exec(`
      create table capability_revocations (
        agent_id text not null,
        capability text not null,
        revoked_at integer not null,
        reason text not null,
        row_hash text not null,
        primary key (agent_id, capability)
      ) strict;

      /* One row at most: while it is there, an incident lasts. */
      create table incident (
        place integer primary key check (place = 1),
        began_at integer not null,
        ends_at integer not null,
        /* When it was last looked at: a clock that was set back since makes it no longer than that. */
        left_ms integer not null,
        reason text not null,
        row_hash text not null
      ) strict;`),
};
