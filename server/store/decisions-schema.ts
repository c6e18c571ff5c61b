/** What answers the questions of agents besides a person, and how each question stands with it. */
import type { Migration } from './migrate.ts';

export const decisionsMigration: Migration = {
  version: 7,
  name: 'rules, modes, and time limits of questions',
  up: (db) =>
    db.exec(`
      create table approval_rules (
        id text primary key,
        project_id text not null,
        kind text not null,
        kind_label text not null,
        /* What a question must be, as JSON. */
        match text not null,
        effect text not null,
        created_at integer not null,
        created_by text not null,
        expires_at integer,
        uses integer not null,
        last_used_at integer,
        row_hash text not null
      ) strict;
      create index approval_rules_by_match on approval_rules (project_id, match);

      /* Beside approvals, whose rows have their hashes already; one that has none is as it was before there were any. */
      create table approval_terms (
        approval_id text primary key,
        expires_at integer,
        rule_id text,
        asked_because text,
        row_hash text not null
      ) strict;

      /* No row: the agent's questions are for the person. */
      create table agent_modes (
        agent_id text primary key,
        mode text not null,
        set_at integer not null,
        row_hash text not null
      ) strict;
    `),
};
