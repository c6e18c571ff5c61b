/** The worktrees of agents, and what agents have for themselves for a while. */
import type { Migration } from './migrate.ts';

export const worktreesMigration: Migration = {
  version: 6,
  name: 'worktrees',
  up: (db) =>
    db.exec(`
      create table worktrees (
        id text primary key,
        project_id text not null,
        agent_id text not null,
        /* The project's folder when it was made. */
        top text not null,
        path text not null,
        git_dir text not null,
        branch text not null,
        base text,
        base_commit text not null,
        dependencies text not null,
        linked text not null,
        created_at integer not null,
        removed_at integer,
        /* Where it was removed into: path, bytes and hash, as JSON. */
        bundle text,
        row_hash text not null
      ) strict;
      create unique index worktrees_of_agents on worktrees (agent_id) where removed_at is null;

      create table worktree_leases (
        agent_id text not null,
        path text not null,
        project_id text not null,
        until integer not null,
        row_hash text not null,
        primary key (agent_id, path)
      ) strict;
    `),
};
