/** What persons filled into forms, and how far the counts of the loop breaker have got. */
import type { Migration } from './migrate.ts';

export const answersMigration: Migration = {
  version: 10,
  name: 'values of answered forms, and counts of loops',
  up: (db) =>
    db.exec(`
      /* Beside approvals, whose rows have their hashes already. */
      create table approval_values (
        approval_id text primary key,
        /* By field, as JSON. */
        filled text not null,
        row_hash text not null
      ) strict;

      /* The tool calls of each turn that runs, since something last changed. */
      create table loop_counts (
        agent_id text primary key,
        project_id text not null,
        /* As JSON, oldest first. */
        steps text not null,
        row_hash text not null
      ) strict;

      /* When something was last written in a project. */
      create table loop_writes (
        project_id text primary key,
        wrote_at integer not null,
        row_hash text not null
      ) strict;
    `),
};
