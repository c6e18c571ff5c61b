/**
 * The tables of `search.db`. Each group has its documents, and a full-text index over them that is changed in the same
 * transaction. A document's place stays when its text changes: the order of places is that of coming.
 */
import type { SearchGroup } from '../protocol/search.ts';
import type { Migration } from '../store/open-database.ts';

export type GroupTable = {
  readonly documents: string;
  readonly index: string;
  /** Searched. */
  readonly texts: readonly string[];
  /** Kept in the index beside them, and never matched. */
  readonly ids: readonly string[];
};

export const groupTables = {
  messages: { documents: 'message_documents', index: 'search_messages', texts: ['content'], ids: ['session_id', 'project_id'] },
  tasks: {
    documents: 'task_documents',
    index: 'search_tasks',
    texts: ['title', 'description', 'assignee', 'status'],
    ids: ['task_id'],
  },
  communications: {
    documents: 'btmsg_documents',
    index: 'search_btmsg',
    texts: ['content', 'sender', 'recipient', 'channel'],
    ids: ['message_id'],
  },
  deadLetters: {
    documents: 'dead_letter_documents',
    index: 'search_dead_letters',
    texts: ['content', 'error', 'sender', 'recipient'],
    ids: ['dead_letter_id'],
  },
  audit: { documents: 'audit_documents', index: 'search_audit', texts: ['event', 'detail', 'actor'], ids: ['seq'] },
} as const satisfies Record<SearchGroup, GroupTable>;

/** What counts as a word, and which forms count as the same. */
export const tokenizer = "tokenize='porter unicode61'";

export const searchMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'documents and their full-text index',
    up: (db) => {
      /* How far each source was taken in; of the same transaction as what it brought. */
      db.exec('create table cursors (source text primary key, place integer not null) strict, without rowid');
      for (const table of Object.values(groupTables)) db.exec(tableSql(table));
    },
  },
  {
    version: 2,
    name: 'the index is told by statements of its own',
    up: (db) => {
      for (const { documents } of Object.values(groupTables)) {
        for (const event of ['in', 'out', 'anew']) db.exec(`drop trigger ${documents}_${event}`);
      }
    },
  },
];

function tableSql({ documents, index, texts, ids }: GroupTable): string {
  const names = [...texts, ...ids];
  const list = names.join(', ');
  const of = (row: string) => names.map((name) => `${row}.${name}`).join(', ');
  const add = `insert into ${index} (rowid, ${list}) values (new.place, ${of('new')});`;
  const takeOut = `insert into ${index} (${index}, rowid, ${list}) values ('delete', old.place, ${of('old')});`;
  return `
    create table ${documents} (
      place integer primary key,
      id text not null unique,
      ${names.map((name) => `${name} text not null,`).join(' ')}
      heading text not null,
      /* Whose it is, and who else has to do with it; parties, empty for none. */
      party text not null,
      other text not null,
      /* The project or team that it belongs to; empty for none. */
      scope text not null,
      at integer not null,
      /* Where a hit leads, as JSON. */
      target text not null
    ) strict;
    create virtual table ${index} using fts5 (
      ${[...texts, ...ids.map((id) => `${id} unindexed`)].join(', ')},
      content='${documents}', content_rowid='place', ${tokenizer}, prefix='3 4'
    );
    insert into ${index} (${index}, rank) values ('automerge', 0);
    create trigger ${documents}_in after insert on ${documents} begin ${add} end;
    create trigger ${documents}_out after delete on ${documents} begin ${takeOut} end;
    create trigger ${documents}_anew after update on ${documents} begin ${takeOut} ${add} end;`;
}
