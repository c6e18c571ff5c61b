/** The schema of `btmsg.db`: everything that is audited, and the audit log in the same file, so that both commit as one. */
import { answersMigration } from './answers-schema.ts';
import { budgetMigration } from './budget-schema.ts';
import { containmentMigration } from './containment-schema.ts';
import { decisionsMigration } from './decisions-schema.ts';
import { createMarkTable } from './high-water-mark.ts';
import type { Migration } from './migrate.ts';
import { retentionMigration } from './retention-schema.ts';
import { searchChangesSql } from './search-changes.ts';
import { teamworkMigration } from './teamwork-schema.ts';
import { transcriptArchivesMigration } from './transcript-archive-schema.ts';
import { worktreesMigration } from './worktrees-schema.ts';

export const btmsgMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'agents, runs, approvals and the audit log',
    up: (db) => {
      db.exec(createMarkTable);
      db.exec(`
        create table agents (
          id text primary key,
          project_id text not null,
          name text not null,
          provider text not null,
          command text not null,
          model text,
          environment text not null,
          path text,
          credentials text not null,
          paused integer not null,
          session_id text,
          created_at integer not null,
          removed_at integer,
          row_hash text not null
        ) strict;
        create unique index agents_by_name on agents (project_id, name) where removed_at is null;

        create table runs (
          id text primary key,
          agent_id text not null,
          sidecar_pid integer,
          build text not null,
          started_at integer not null,
          ended_at integer,
          end_reason text,
          row_hash text not null
        ) strict;
        create index runs_by_agent on runs (agent_id, started_at);

        create table approvals (
          id text primary key,
          agent_id text not null,
          project_id text not null,
          session_id text not null,
          request text not null,
          hash text not null,
          state text not null,
          asked_at integer not null,
          answered_at integer,
          answered_by text,
          message text,
          row_hash text not null
        ) strict;
        create index approvals_open on approvals (asked_at) where state = 'open';

        create table intake (
          agent_id text primary key,
          acked_seq integer not null
        ) strict;

        create table audit_log (
          seq integer primary key,
          at integer not null,
          event text not null,
          agent_id text,
          actor text not null,
          detail text not null,
          prev_hash text not null,
          hash text not null
        ) strict;
        create index audit_by_event on audit_log (event, seq);
        create index audit_by_agent on audit_log (agent_id, seq);
        create trigger audit_is_append_only_update before update on audit_log
          begin select raise(abort, 'the audit log is append-only'); end;
        create trigger audit_is_append_only_delete before delete on audit_log
          begin select raise(abort, 'the audit log is append-only'); end;
      `);
    },
  },
  {
    version: 2,
    name: 'how an agent is fenced, supervised and given its key; events by key',
    up: (db) =>
      db.exec(`
        create table agent_settings (
          agent_id text primary key,
          sandbox_mode text,
          network text,
          secret_uses text not null,
          row_hash text not null
        ) strict;

        create table supervision (
          agent_id text primary key,
          health text not null,
          attempts integer not null,
          crashed_at text not null,
          row_hash text not null
        ) strict;

        create table inbox (
          key text primary key,
          agent_id text not null,
          seq integer not null,
          taken_at integer not null
        ) strict, without rowid;
        create index inbox_by_age on inbox (taken_at);
      `),
  },
  teamworkMigration,
  {
    version: 4,
    name: 'what the search has to look at again',
    up: (db) =>
      db.exec(
        searchChangesSql([
          { table: 'messages', kind: 'message', idColumn: 'id', existingBy: 'place' },
          { table: 'tasks', kind: 'task', idColumn: 'id', existingBy: 'number' },
          { table: 'task_comments', kind: 'task', idColumn: 'task_id', existingBy: undefined },
          { table: 'dead_letter_queue', kind: 'deadLetter', idColumn: 'id', existingBy: 'rowid' },
        ]),
      ),
  },
  containmentMigration,
  worktreesMigration,
  decisionsMigration,
  budgetMigration,
  retentionMigration,
  answersMigration,
  transcriptArchivesMigration,
];
