/** The outbox's one table: how it is made, and every statement over it. */
import { newId } from '../base/uuid.ts';
import type { PoisonedEvent } from '../protocol/outbox.ts';
import type { Database, Migration } from '../store/open-database.ts';
import { OutboxNumbers } from './outbox-numbers.ts';

export type NewRow = {
  readonly seq: number;
  readonly kind: string;
  readonly mode: 'append' | 'coalesce';
  readonly dedupeKey: string | null;
  readonly occurredAt: number;
  readonly sessionId: string;
  readonly key: string;
  readonly payload: string;
  readonly createdAt: number;
};

/** By place rather than by name, which takes half as long: a whole backlog is read so. */
export type WaitingRow = readonly [seq: number, occurredAt: number, sessionId: string, key: string, payload: string];

/** Why a row is set aside; `refusedBy` is the build of the backend that did not take it, where one was asked. */
export type Refusal = Pick<PoisonedEvent, 'reason' | 'detail'> & { readonly refusedBy: string | null };

/** A row after something was decided about it. */
export type Tried = Pick<PoisonedEvent, 'seq' | 'kind' | 'attempts'>;

export const outboxMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'events that wait for the backend',
    up: (db) =>
      // `autoincrement` keeps the highest number ever given, also when the table is empty: no number comes twice.
      db.exec(`
        create table outbox (
          seq integer primary key autoincrement,
          at integer not null,
          session_id text not null,
          event text not null
        ) strict`),
  },
  {
    version: 2,
    name: 'keys, attempts, and events that were set aside',
    up: (db) => {
      db.exec('alter table outbox rename to earlier');
      db.exec(createOutbox);
      takeOver(db);
      db.exec('drop table earlier');
    },
  },
];

const createOutbox = `
  create table outbox (
    seq integer primary key autoincrement,
    kind text not null,
    mode text not null default 'append' check (mode in ('append', 'coalesce')),
    dedupe_key text,
    occurred_at integer not null,
    session_id text not null,
    idempotency_key text not null,
    payload text not null,
    attempts integer not null default 0,
    next_attempt_at integer not null default 0,
    poisoned integer not null default 0,
    created_at integer not null,
    reason text,
    detail text,
    refused_by text
  ) strict;
  create index outbox_set_aside on outbox (poisoned, seq) where poisoned = 1;
  create index outbox_by_dedupe_key on outbox (dedupe_key) where dedupe_key is not null`;

/** Rows keep their numbers, by which a backend knows what it has of them; the highest number ever given stays, too. */
function takeOver(db: Database): void {
  const insert = db.prepare(
    `insert into outbox (seq, kind, occurred_at, session_id, idempotency_key, payload, created_at)
     select seq, iif(json_valid(event), coalesce(json_extract(event, '$.type'), ''), ''), at, session_id, ?, event, at
     from earlier where seq = ?`,
  );
  for (const seq of db.prepare<[], number>('select seq from earlier order by seq').pluck().all()) insert.run(newId<string>(), seq);
  db.exec(`
    delete from sqlite_sequence where name = 'outbox';
    insert into sqlite_sequence (name, seq) select 'outbox', seq from sqlite_sequence where name = 'earlier'`);
}

export class OutboxRows {
  readonly numbers: OutboxNumbers;
  readonly #insert;
  readonly #insertMany;
  readonly #replace;
  readonly #forget;
  readonly #waiting;
  readonly #attempt;
  readonly #schedule;
  readonly #setAside;
  readonly #copyToEnd;
  readonly #remove;
  readonly #poisoned;
  readonly #refused;
  readonly #refusedByOthers;

  constructor(db: Database) {
    this.#insert = db.prepare(
      `insert into outbox (seq, kind, mode, dedupe_key, occurred_at, session_id, idempotency_key, payload, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#insertMany = db.prepare(
      `insert into outbox (seq, kind, occurred_at, session_id, idempotency_key, payload, created_at)
       values ${Array.from({ length: rowsPerStatement }, () => '(?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
    );
    this.#replace = db
      .prepare<[string, number], number>('delete from outbox where dedupe_key = ? and poisoned = 0 and seq > ? returning seq')
      .pluck();
    this.#forget = db.prepare('delete from outbox where poisoned = 0 and seq > ? and seq <= ?');
    this.#waiting = db
      .prepare<[number, number], WaitingRow>(
        `select seq, occurred_at, session_id, idempotency_key, payload from outbox where poisoned = 0 and seq > ? order by seq limit ?`,
      )
      .raw();
    this.#attempt = db.prepare<[number], Tried>('update outbox set attempts = attempts + 1 where seq = ? returning seq, kind, attempts');
    this.#schedule = db.prepare('update outbox set next_attempt_at = ? where seq = ?');
    this.#setAside = db.prepare<[string, string, string | null, number], Tried>(
      'update outbox set poisoned = 1, reason = ?, detail = ?, refused_by = ? where seq = ? returning seq, kind, attempts',
    );
    this.#copyToEnd = db
      .prepare<[number, number], number>(
        `insert into outbox (seq, kind, mode, dedupe_key, occurred_at, session_id, idempotency_key, payload, created_at)
         select ?, kind, mode, dedupe_key, occurred_at, session_id, idempotency_key, payload, created_at from outbox where seq = ?
         returning octet_length(payload)`,
      )
      .pluck();
    this.#remove = db.prepare('delete from outbox where seq = ?');
    this.#poisoned = db.prepare<[number], PoisonedEvent>(
      `select seq, idempotency_key as key, kind, occurred_at as occurredAt, attempts, reason, detail, payload
       from outbox where poisoned = 1 and seq > ? order by seq`,
    );
    this.#refused = db.prepare<[], { seq: number; key: string }>(
      `select seq, idempotency_key as key from outbox where poisoned = 1 and reason <> 'damaged' order by seq`,
    );
    this.#refusedByOthers = db
      .prepare<[string], number>(`select seq from outbox where poisoned = 1 and reason = 'unsupported' and refused_by <> ? order by seq`)
      .pluck();
    this.numbers = new OutboxNumbers(db);
    // Whoever opens the file tries afresh; how often it was refused before stays counted.
    db.exec('update outbox set next_attempt_at = 0 where next_attempt_at > 0');
  }

  /**
   * In their order; a row that replaces others removes those of its key after `replaceableAfterSeq`, also such as came
   * with it. Returns the numbers of what was replaced.
   */
  insertAll(rows: readonly NewRow[], replaceableAfterSeq: number): number[] {
    const replaced: number[] = [];
    const newest = rows.at(-1);
    if (newest) this.numbers.raise(newest.seq);
    for (let place = 0; place < rows.length; ) {
      const many = rows.slice(place, place + rowsPerStatement);
      if (many.length === rowsPerStatement && many.every(isPlain)) {
        this.#insertMany.run(many.flatMap(plainValues));
        place += rowsPerStatement;
        continue;
      }
      for (const row of many) {
        if (row.mode === 'coalesce' && row.dedupeKey) replaced.push(...this.#replace.all(row.dedupeKey, replaceableAfterSeq));
        this.#insertOne(row);
      }
      place += many.length;
    }
    return replaced;
  }

  /** By place rather than by name: every event comes through here. */
  #insertOne({ seq, kind, mode, dedupeKey, occurredAt, sessionId, key, payload, createdAt }: NewRow): void {
    this.#insert.run(seq, kind, mode, dedupeKey, occurredAt, sessionId, key, payload, createdAt);
  }

  forget(afterSeq: number, upToSeq: number): void {
    this.#forget.run(afterSeq, upToSeq);
  }

  /** Oldest first. */
  waiting(afterSeq: number, limit: number): WaitingRow[] {
    return this.#waiting.all(afterSeq, limit);
  }

  /** Counts a definite refusal. */
  attempt(seq: number): Tried | undefined {
    return this.#attempt.get(seq);
  }

  /** Not before then, should this process live so long. */
  schedule(seq: number, nextAttemptAt: number): void {
    this.#schedule.run(nextAttemptAt, seq);
  }

  setAside(seq: number, { reason, detail, refusedBy }: Refusal): Tried | undefined {
    return this.#setAside.get(reason, detail, refusedBy, seq);
  }

  /** Under a new number it waits again, with the same key, and refusals are counted anew. Returns its size in bytes. */
  moveToEnd(seq: number, newSeq: number): number {
    const bytes = this.#copyToEnd.get(newSeq, seq) ?? 0;
    this.#remove.run(seq);
    return bytes;
  }

  /** Those set aside after `afterSeq`, oldest first. */
  poisoned(afterSeq: number): IterableIterator<PoisonedEvent> {
    return this.#poisoned.iterate(afterSeq);
  }

  /** Those set aside that a backend can be asked to take once more, oldest first. */
  refused(): { seq: number; key: string }[] {
    return this.#refused.all();
  }

  /** Of a kind that only other builds of the backend are known not to understand. */
  refusedByOthers(build: string): number[] {
    return this.#refusedByOthers.all(build);
  }
}

/** Going into SQLite costs as much as a row does: rows go in together. */
const rowsPerStatement = 32;

function isPlain({ mode, dedupeKey }: NewRow): boolean {
  return mode === 'append' && dedupeKey === null;
}

function plainValues({ seq, kind, occurredAt, sessionId, key, payload, createdAt }: NewRow): (string | number)[] {
  return [seq, kind, occurredAt, sessionId, key, payload, createdAt];
}

export type StoredRow = { readonly seq: number; readonly bytes: number; readonly poisoned: number };

export function storedRows(db: Database): StoredRow[] {
  return db.prepare<[], StoredRow>('select seq, octet_length(payload) as bytes, poisoned from outbox order by seq').all();
}
