/** What agents spent, what they may, and those that are held. */
import type { Migration } from './migrate.ts';

export const budgetMigration: Migration = {
  version: 7,
  name: 'budgets, what was spent, and agents that are held',
  up: (db) =>
    db.exec(`
      /* One row for each agent and day of the person. */
      create table budget_ledger (
        day text not null,
        agent_id text not null,
        project_id text not null,
        usd_agent real not null,
        usd_prices real not null,
        usd_estimate real not null,
        tokens_agent real not null,
        tokens_estimate real not null,
        /* Tokens whose cost nobody knows. */
        unpriced_tokens real not null,
        /* The oldest price that was used. */
        dated text,
        row_hash text not null,
        primary key (day, agent_id)
      ) strict;

      /* How much of each session's totals is in the ledger. */
      create table budget_sessions (
        session_id text primary key,
        usd real,
        tokens real,
        /* What was estimated since, and of which day: the program's word replaces it. */
        estimated_day text not null,
        estimated_usd real not null,
        estimated_tokens real not null,
        row_hash text not null
      ) strict;

      /* The turn of an agent that runs, and what its program has told of it. */
      create table budget_turns (
        agent_id text primary key,
        project_id text not null,
        session_id text not null,
        turn_id text not null,
        usd_agent real not null,
        usd_prices real not null,
        tokens real not null,
        unpriced_tokens real not null,
        dated text,
        row_hash text not null
      ) strict;

      /* Own limits of agents and projects; the settings have those of all. Without a day: from now on. */
      create table budget_limits (
        scope text not null,
        of_id text not null,
        unit text not null,
        day text not null,
        /* Null: none. */
        amount real,
        row_hash text not null,
        primary key (scope, of_id, unit, day)
      ) strict;

      /* What a person was told of: once for each budget and share of it. */
      create table budget_alerts (
        key text primary key,
        day text not null,
        row_hash text not null
      ) strict;

      /* Agents of which nothing begins, or that are not woken, until a person lets them. */
      create table holds (
        agent_id text not null,
        kind text not null,
        hold text not null,
        /* When it was lifted. */
        ended_at integer,
        row_hash text not null,
        primary key (agent_id, kind)
      ) strict;
    `),
};
