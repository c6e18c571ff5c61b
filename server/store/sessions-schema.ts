/** The schema of `sessions.db`: projects, sessions, transcripts, prompts that wait, and how far each agent's events were taken in. */
import { createMarkTable } from './high-water-mark.ts';
import type { Migration } from './migrate.ts';
import { searchChangesSql } from './search-changes.ts';
import { archivedItemsMigration } from './transcript-archive-schema.ts';

/** A text that was damaged on disk is no JSON any more, and must not keep the row from being read or written. */
const fieldSql = (name: string) => `case when json_valid(body) then json_extract(body, '$.${name}') end`;

/** The conditions of two indexes: a query that has them word for word counts without touching a transcript. They never change. */
export const isGatheringSql = `kind = 'tool' and ${fieldSql('toolKind')} in ('read', 'search', 'fetch')`;
export const isHookFailureSql = `kind = 'notice' and ${fieldSql('hook')} is not null`;

export const sessionsMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'projects, sessions and transcripts',
    up: (db) => {
      db.exec(createMarkTable);
      db.exec(`
        create table projects (
          id text primary key,
          name text not null,
          path text not null,
          trusted integer not null,
          created_at integer not null,
          removed_at integer,
          row_hash text not null
        ) strict;
        create unique index projects_by_path on projects (path) where removed_at is null;

        create table sessions (
          id text primary key,
          agent_id text not null,
          project_id text not null,
          title text not null,
          provider_session_id text,
          model text,
          usage text,
          item_count integer not null,
          turn_count integer not null,
          next_ordinal integer not null,
          running_turn_id text,
          running_since integer,
          created_at integer not null,
          last_active_at integer not null,
          row_hash text not null
        ) strict;
        create index sessions_by_agent on sessions (agent_id, last_active_at);
        create index sessions_by_project on sessions (project_id, last_active_at);

        create table items (
          id text primary key,
          session_id text not null,
          ordinal integer not null,
          kind text not null,
          is_open integer not null,
          body text not null,
          row_hash text not null
        ) strict;
        create unique index items_by_place on items (session_id, ordinal);
        create index items_open on items (session_id) where is_open = 1;

        create table prompts (
          id text primary key,
          agent_id text not null,
          session_id text not null,
          item_id text not null,
          text text not null,
          state text not null check (state in ('queued', 'sent', 'dropped')),
          created_at integer not null,
          row_hash text not null
        ) strict;
        create index prompts_queued on prompts (agent_id, created_at) where state = 'queued';

        create table view_states (
          view text not null,
          key text not null,
          state text not null,
          saved_at integer not null,
          primary key (view, key)
        ) strict;

        create table intake (
          agent_id text primary key,
          acked_seq integer not null
        ) strict;
      `);
    },
  },
  {
    version: 2,
    name: 'settings, names of secrets, events by key',
    up: (db) =>
      db.exec(`
        create table settings (
          name text primary key,
          value text not null,
          changed_at integer not null,
          row_hash text not null
        ) strict;

        create table secret_names (
          name text primary key,
          updated_at integer not null,
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
  {
    version: 3,
    name: 'what sessions cost and did',
    up: (db) =>
      db.exec(`
        create table session_metrics (
          id integer primary key,
          project_id text not null,
          session_id text not null unique,
          start_time integer not null,
          end_time integer not null,
          peak_tokens integer,
          turn_count integer not null,
          tool_call_count integer not null,
          cost_usd real,
          model text,
          status text not null check (status in ('success', 'error', 'stopped')),
          error_message text
        ) strict;
        create index session_metrics_by_project on session_metrics (project_id, end_time, id);

        create table session_peaks (
          session_id text primary key,
          peak_tokens integer not null
        ) strict, without rowid;

        create index items_of_tools on items (session_id) where kind = 'tool';
      `),
  },
  {
    version: 4,
    name: 'what the search has to look at again',
    up: (db) => db.exec(searchChangesSql([{ table: 'items', kind: 'item', idColumn: 'id', existingBy: 'rowid' }])),
  },
  {
    version: 5,
    name: 'notices',
    up: (db) =>
      db.exec(`
        create table notices (
          seq integer primary key,
          id text not null unique,
          coalesced_by text not null,
          type text not null,
          subject text not null,
          title text not null,
          text text not null,
          at integer not null,
          count integer not null,
          is_read integer not null,
          project_id text,
          agent_id text,
          session_id text
        ) strict;
        create index notices_unread on notices (coalesced_by, seq) where is_read = 0;

        create table notice_keys (
          seq integer primary key,
          key text not null unique
        ) strict;
      `),
  },
  {
    version: 6,
    name: 'notices carry facts instead of sentences',
    // The older ones end with their sentences: what they told of is in the transcripts, the mail and the audit log.
    up: (db) =>
      db.exec(`
        drop table notices;
        create table notices (
          seq integer primary key,
          id text not null unique,
          coalesced_by text not null,
          type text not null,
          about text not null,
          place text not null,
          at integer not null,
          count integer not null,
          is_read integer not null
        ) strict;
        create index notices_unread on notices (coalesced_by, seq) where is_read = 0;
      `),
  },
  {
    version: 7,
    name: 'what sessions gathered, and how they ended',
    up: (db) =>
      db.exec(`
        alter table session_metrics add column gathering_call_count integer;
        alter table session_metrics add column hook_failure_count integer;
        alter table session_metrics add column end_reason text;
        create index items_of_gathering on items (session_id) where ${isGatheringSql};
        create index items_of_hook_failures on items (session_id) where ${isHookFailureSql};
      `),
  },
  archivedItemsMigration,
];
