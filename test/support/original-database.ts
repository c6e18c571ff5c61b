/** Databases as the system that this one succeeds leaves them, for tests of the import. */
import { randomUUID } from 'node:crypto';
import Database from 'better-sqlite3';

const schema = `
  create table agents (id text primary key, name text not null, role text not null, group_id text not null, tier integer not null default 2,
    model text, cwd text, system_prompt text, status text default 'stopped', last_active_at text, created_at text default (datetime('now')));
  create table contacts (agent_id text not null, contact_id text not null, primary key (agent_id, contact_id));
  create table messages (id text primary key, from_agent text not null, to_agent text not null, content text not null,
    read integer default 0, reply_to text, group_id text not null, sender_group_id text, created_at text default (datetime('now')));
  create table seen_messages (session_id text not null, message_id text not null, seen_at integer not null, primary key (session_id, message_id));
  create table channels (id text primary key, name text not null, group_id text not null, created_by text not null, created_at text default (datetime('now')));
  create table channel_members (channel_id text not null, agent_id text not null, joined_at text default (datetime('now')), primary key (channel_id, agent_id));
  create table channel_messages (id text primary key, channel_id text not null, from_agent text not null, content text not null, created_at text default (datetime('now')));
  create table heartbeats (agent_id text primary key, timestamp integer not null);
  create table dead_letter_queue (id integer primary key autoincrement, from_agent text not null, to_agent text not null, content text not null,
    error text not null, created_at text default (datetime('now')));
  create table audit_log (id integer primary key autoincrement, agent_id text not null, event_type text not null, detail text not null, created_at text default (datetime('now')));
  create table tasks (id text primary key, title text not null, description text default '', status text default 'todo', priority text default 'medium',
    assigned_to text, created_by text not null, group_id text not null, parent_task_id text, sort_order integer default 0,
    created_at text default (datetime('now')), updated_at text default (datetime('now')), version integer default 1);
  create table task_comments (id text primary key, task_id text not null, agent_id text not null, content text not null, created_at text default (datetime('now')));`;

type Values = Readonly<Record<string, string | number | null>>;

export class OriginalSystem {
  readonly path: string;
  readonly db: Database.Database;

  /** Open, as its program has it, with a log of what was written last. */
  constructor(path: string) {
    this.path = path;
    this.db = new Database(path);
    this.db.pragma('journal_mode = wal');
    this.db.exec(schema);
  }

  /** Returns the row's id. */
  add(table: string, values: Values): string {
    const hasId = !['contacts', 'seen_messages', 'channel_members', 'heartbeats', 'dead_letter_queue', 'audit_log'].includes(table);
    const row: Values = hasId ? { id: randomUUID(), ...values } : values;
    const columns = Object.keys(row);
    this.db
      .prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
      .run(...Object.values(row));
    return String(row.id ?? '');
  }

  message(from: string, to: string, content: string, values: Values = {}): string {
    return this.add('messages', { from_agent: from, to_agent: to, content, group_id: 'g1', created_at: '2025-01-02 03:04:05', ...values });
  }

  close(): void {
    this.db.close();
  }
}

/** A manager, a builder whose folder is `cwd`, the operator, and a bit of everything between them. */
export function fillOriginal(system: OriginalSystem, cwd: string) {
  const created_at = '2025-01-01 00:00:00';
  for (const [id, role, tier, folder] of [
    ['operator', 'admin', 0, null],
    ['mgr', 'manager', 1, null],
    ['bld', 'project', 2, `${cwd}/`],
  ] as const) {
    const name = { operator: 'Operator', mgr: 'Manager', bld: 'builder' }[id];
    system.add('agents', { id, name, role, group_id: 'g1', tier, cwd: folder, created_at });
  }
  for (const [agent_id, contact_id] of [
    ['operator', 'bld'],
    ['mgr', 'bld'],
  ] as const)
    system.add('contacts', { agent_id, contact_id });
  const order = system.message('mgr', 'bld', 'Build the shop.', { read: 1 });
  const answer = system.message('bld', 'mgr', 'It is built.', { read: 1, reply_to: order, created_at: '2025-01-02 03:05:00' });
  const unread = system.message('mgr', 'bld', 'Thanks.', { reply_to: answer, created_at: '2025-01-02 03:06:00' });
  system.add('seen_messages', { session_id: 's1', message_id: order, seen_at: 1_735_787_046 });
  const channel = system.add('channels', { name: '#Review Queue', group_id: 'g1', created_by: 'mgr', created_at });
  for (const agent_id of ['mgr', 'bld']) system.add('channel_members', { channel_id: channel, agent_id });
  const toChannel = system.add('channel_messages', { channel_id: channel, from_agent: 'mgr', content: 'Who reviews?', created_at });
  system.add('heartbeats', { agent_id: 'bld', timestamp: 1_735_787_000 });
  system.add('dead_letter_queue', { from_agent: 'mgr', to_agent: 'gone', content: 'Are you there?', error: 'no such agent', created_at });
  system.add('audit_log', { agent_id: 'mgr', event_type: 'wake_event', detail: 'score 1.0', created_at });
  const part = system.add('tasks', {
    id: 'part',
    title: 'Till',
    created_by: 'mgr',
    group_id: 'g1',
    parent_task_id: 'whole',
    status: 'review',
    created_at,
  });
  const whole = system.add('tasks', {
    id: 'whole',
    title: 'Shop',
    created_by: 'mgr',
    group_id: 'g1',
    assigned_to: 'bld',
    status: 'waiting',
    version: 4,
    created_at: '2025-01-01 00:00:09',
  });
  const comment = system.add('task_comments', { task_id: part, agent_id: 'bld', content: 'Nearly.', created_at });
  return { order, answer, unread, channel, toChannel, part, whole, comment };
}
