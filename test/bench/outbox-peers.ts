/**
 * What the outbox is held against: rows put into the plainest table that holds them, which is what the disk and SQLite
 * allow, and a queue with the statements of the original outbox, each a transaction of its own.
 */
import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';

const rowsPerTransaction = 256;
const table = `create table outbox (
  seq integer primary key, kind text not null, occurred_at integer not null, idem text not null, payload text not null,
  attempts integer not null default 0, next_at integer not null default 0, poisoned integer not null default 0)`;
const insert = 'insert into outbox (kind, occurred_at, idem, payload) values (?, ?, ?, ?)';

export class RawRows {
  readonly #db: Database.Database;
  readonly #put;

  constructor(path: string) {
    this.#db = openPlain(path);
    this.#put = this.#db.prepare(insert);
  }

  /** 256 to a transaction. */
  insertInGroups(events: readonly AgentEvent[]): void {
    const group = this.#db.transaction((from: number) => {
      for (const event of events.slice(from, from + rowsPerTransaction)) this.#insert(event, from);
    });
    for (let from = 0; from < events.length; from += rowsPerTransaction) group.immediate(from);
  }

  /** Each a transaction of its own. */
  insertOneByOne(events: readonly AgentEvent[]): void {
    for (const [index, event] of events.entries()) this.#insert(event, index);
  }

  close(): void {
    this.#db.close();
    removeDatabase(this.#db.name);
  }

  #insert(event: AgentEvent, number: number): void {
    this.#put.run(event.type, number, `a:${number}`, JSON.stringify(event));
  }
}

/** All are put in at once, the rows counted at each; then the first is looked for, handed over and removed, until none is left. */
export class SeedShaped {
  readonly #db: Database.Database;

  constructor(path: string) {
    this.#db = openPlain(path);
    // What SQLite has in the runtime that the original ran in; better-sqlite3 has eight times as much.
    this.#db.pragma('cache_size = -2000');
  }

  flood(events: readonly AgentEvent[]): void {
    const put = this.#db.prepare(insert);
    const count = this.#db.prepare('select count(*) from outbox').pluck();
    const head = this.#db.prepare<[], { seq: number; payload: string }>('select * from outbox where poisoned = 0 order by seq limit 1');
    const remove = this.#db.prepare('delete from outbox where seq = ?');
    for (const [index, event] of events.entries()) {
      count.get();
      put.run(event.type, index, `a:${index}`, JSON.stringify(event));
    }
    for (let row = head.get(); row; row = head.get()) {
      JSON.parse(row.payload);
      remove.run(row.seq);
    }
  }

  close(): void {
    this.#db.close();
    removeDatabase(this.#db.name);
  }
}

function openPlain(path: string): Database.Database {
  const db = new Database(path);
  db.pragma('journal_mode = wal');
  db.pragma('synchronous = full');
  db.exec(table);
  return db;
}

export function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
}
