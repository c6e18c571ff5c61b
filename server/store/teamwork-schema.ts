/** Version 3 of `btmsg.db`: teams, messages, tasks and wakes; the audit log by time. */
import type { Migration } from './migrate.ts';

export const teamworkMigration: Migration = {
  version: 3,
  name: 'teams, messages, tasks and wakes',
  up: (db) => {
    db.exec(teams);
    db.exec(messages);
    db.exec(tasks);
    db.exec(wakes);
    db.exec('create index audit_by_time on audit_log (at)');
  },
};

const teams = `
  create table agent_profiles (
    agent_id text primary key,
    role text not null,
    tier integer not null,
    group_id text,
    member_key text,
    description text not null,
    system_prompt text not null,
    wake_strategy text,
    wake_interval_min real not null,
    wake_threshold real not null,
    stall_threshold_min real,
    autonomous_mode text not null,
    enabled integer not null,
    row_hash text not null
  ) strict;
  create unique index profiles_by_member on agent_profiles (group_id, member_key) where member_key is not null;

  create table groups (
    id text primary key,
    name text not null,
    config text not null,
    applied_at integer not null,
    row_hash text not null
  ) strict;

  create table group_projects (
    project_id text primary key,
    group_id text not null,
    member_key text not null,
    row_hash text not null
  ) strict;

  /* origin: 'group' (from groups.json) or who allowed it. */
  create table contacts (
    party text not null,
    contact text not null,
    origin text not null,
    created_at integer not null,
    row_hash text not null,
    primary key (party, contact)
  ) strict;

  create table heartbeats (
    agent_id text primary key,
    last_heartbeat integer not null,
    status text not null,
    row_hash text not null
  ) strict;`;

const messages = `
  create table channels (
    id text primary key,
    team_id text not null,
    name text not null,
    created_by text not null,
    created_at integer not null,
    row_hash text not null
  ) strict;
  create unique index channels_by_name on channels (team_id, name);

  create table channel_members (
    channel_id text not null,
    party text not null,
    joined_at integer not null,
    row_hash text not null,
    primary key (channel_id, party)
  ) strict;

  create table messages (
    id text primary key,
    /* The order in which they were taken in, whatever the clock did. */
    place integer not null,
    sender text not null,
    recipient text,
    channel_id text,
    team_id text,
    thread_id text not null,
    reply_to text,
    body text not null,
    expects_reply integer not null,
    hops integer not null,
    signature text,
    verdict text not null,
    findings text not null,
    /* Unless it is 'none', nobody but its sender and the person may see it. */
    hold text not null check (hold in ('none', 'waiting', 'discarded')),
    sent_at integer not null,
    row_hash text not null
  ) strict;
  create unique index messages_by_place on messages (place);
  /* By the part of an id that people are shown. */
  create index messages_by_short_id on messages (substr(id, -8));
  create index messages_by_thread on messages (thread_id, place);
  create index messages_by_sender on messages (sender, place);
  create index messages_between on messages (sender, recipient, place) where recipient is not null;
  create index messages_by_channel on messages (channel_id, place) where channel_id is not null;
  create index messages_by_team on messages (team_id, place);
  create index messages_held on messages (place) where hold = 'waiting';

  create table deliveries (
    message_id text not null,
    recipient text not null,
    /* Of the message, so that a recipient's mail is found in order. */
    place integer not null,
    /* Of the message, so that what is owed is found without it. */
    expects_reply integer not null,
    state text not null check (state in ('held', 'queued', 'delivered', 'seen', 'answered', 'dead')),
    delivered_by text,
    /* The prompt that carries it; null for none, or by another way. */
    prompt_id text,
    session_id text,
    attempts integer not null,
    /* An attempt ended without a word: the program may have it all the same. */
    maybe_taken integer not null,
    next_attempt_at integer,
    queued_at integer not null,
    delivered_at integer,
    seen_at integer,
    answered_at integer,
    dead_at integer,
    expires_at integer,
    reason text not null,
    row_hash text not null,
    primary key (message_id, recipient)
  ) strict;
  create index deliveries_by_recipient on deliveries (recipient, place);
  create index deliveries_by_state on deliveries (recipient, state, place);
  create index deliveries_owed on deliveries (recipient, place) where expects_reply = 1 and state in ('delivered', 'seen');
  create index deliveries_by_prompt on deliveries (prompt_id) where prompt_id is not null;
  create index deliveries_retried on deliveries (recipient) where next_attempt_at is not null;
  create index deliveries_expiring on deliveries (expires_at) where state = 'queued';

  create table seen_messages (
    session_id text not null,
    message_id text not null,
    seen_at integer not null,
    row_hash text not null,
    primary key (session_id, message_id)
  ) strict;

  create table attachments (
    id text primary key,
    message_id text not null,
    name text not null,
    bytes integer not null,
    sha256 text not null,
    content text not null,
    row_hash text not null
  ) strict;
  create index attachments_by_message on attachments (message_id);

  create table dead_letter_queue (
    id text primary key,
    message_id text not null,
    from_agent text not null,
    to_agent text not null,
    content text not null,
    error text not null,
    created_at integer not null,
    settlement text,
    settled_at integer,
    row_hash text not null
  ) strict;
  create index dead_letters_open on dead_letter_queue (created_at) where settlement is null;
  create index dead_letters_by_message on dead_letter_queue (message_id);`;

const tasks = `
  create table tasks (
    number integer primary key,
    id text not null,
    team_id text not null,
    title text not null,
    description text not null,
    status text not null,
    priority text not null,
    assigned_to text,
    created_by text not null,
    /* Who made the last change: a change that is refused for its old version names them. */
    updated_by text not null,
    parent_task_id text,
    sort_order real not null,
    version integer not null,
    /* 1: the text waits for the person; 2: the person discarded it. Agents see neither. */
    is_held integer not null,
    findings text not null,
    removed_at integer,
    created_at integer not null,
    updated_at integer not null,
    row_hash text not null
  ) strict;
  create unique index tasks_by_id on tasks (id);
  create index tasks_by_board on tasks (team_id, status, sort_order) where removed_at is null;
  create index tasks_by_parent on tasks (parent_task_id) where parent_task_id is not null;
  create index tasks_by_change on tasks (updated_at);

  create table task_comments (
    id text primary key,
    task_id text not null,
    author text not null,
    content text not null,
    is_held integer not null,
    findings text not null,
    created_at integer not null,
    row_hash text not null
  ) strict;
  create index comments_by_task on task_comments (task_id, created_at);
  create index comments_held on task_comments (created_at) where is_held = 1;`;

const wakes = `
  create table wakes (
    id text primary key,
    agent_id text not null,
    strategy text not null,
    state text not null,
    score real not null,
    signals text not null,
    summary text not null,
    snapshot text not null,
    prompt_id text not null,
    cause text not null,
    due_at integer not null,
    decided_at integer not null,
    ended_at integer,
    row_hash text not null
  ) strict;
  create unique index wakes_pending on wakes (agent_id) where state = 'pending';
  create index wakes_open on wakes (agent_id) where state in ('pending', 'begun');
  create index wakes_by_agent on wakes (agent_id, decided_at);

  create table wake_plans (
    agent_id text primary key,
    next_at integer not null,
    row_hash text not null
  ) strict;

  /* What an import has brought over, so that the next one doubles nothing. */
  create table imported (
    source text not null,
    kind text not null,
    key text not null,
    local_id text not null,
    primary key (source, kind, key)
  ) strict, without rowid;`;
