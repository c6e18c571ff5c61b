/**
 * What the sidecar has to tell the backend and the backend has not yet taken: a queue in an SQLite file, numbered for
 * the agent's whole life. An event that `append` has answered for is on disk and stays until it is acknowledged.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AgorError } from '../protocol/errors.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import { type Database, openDatabase } from '../store/open-database.ts';
import { write } from '../store/transaction.ts';
import { fromRow, highestSeq, outboxMigrations, type Row, storedSizes } from './outbox-rows.ts';

type OutboxOptions = {
  /** Numbers go on after this one at least. */
  readonly afterSeq?: number;
  /** Called after each commit, and with the reason when one failed; failed rows are kept and tried again. */
  readonly onFlushed?: (failure: Error | null) => void;
  /** How long to wait for another process that holds it; a few seconds unless told. */
  readonly busyTimeoutMs?: number;
};

export type BatchLimit = { readonly events: number; readonly bytes: number };

type Waiting = Row & { readonly bytes: number; readonly resolve: (seq: number) => void; readonly reject: (error: Error) => void };

/** As much as goes to the backend at once. */
export const batchLimit: BatchLimit = { events: 256, bytes: 1024 * 1024 };

const maxRowsPerFlush = 512;
const ackLingerMs = 5;
const retryAfterMs = 1_000;
/** Whoever collects holds up everything else meanwhile, and a sidecar that still runs hands its events over itself. */
const collectBusyTimeoutMs = 250;

/**
 * For the sidecar that fills it, and for the backend that collects what a dead sidecar left. One process at a time: a
 * second one waits a few seconds and is then refused, because two would give the same numbers.
 */
export function openOutbox(path: string, options: OutboxOptions = {}): Outbox {
  try {
    const { busyTimeoutMs } = options;
    const db = openDatabase(path, {
      durability: 'full',
      migrations: outboxMigrations,
      ...(busyTimeoutMs !== undefined && { busyTimeoutMs }),
    });
    return new Outbox(holdAlone(db), options);
  } catch (cause) {
    if (!isBusy(cause)) throw cause;
    throw new AgorError('storage', `${path} is in use: a sidecar of this agent still runs. End it first.`, { cause });
  }
}

/** Where an agent's outbox is. */
export function outboxPath(privateDir: string): string {
  return join(privateDir, 'outbox.db');
}

/**
 * Hands over, in order, what a dead sidecar left; `take` answers up to where it has everything on disk, and is not
 * asked again when it took nothing. Returns how many events were taken; what was not stays. Without an outbox there is
 * nothing to collect; one that is in use is refused with `storage`.
 */
export function collectOutbox(path: string, take: (events: readonly NumberedEvent[]) => number): number {
  if (!existsSync(path)) return 0;
  const outbox = openOutbox(path, { busyTimeoutMs: collectBusyTimeoutMs });
  let taken = 0;
  try {
    for (;;) {
      const events = outbox.pending(outbox.ackedSeq, batchLimit);
      if (events.length === 0) return taken;
      outbox.ack(take(events));
      const { ackedSeq } = outbox;
      const left = events.findIndex(({ seq }) => seq > ackedSeq);
      taken += left === -1 ? events.length : left;
      if (left === 0) return taken;
    }
  } finally {
    outbox.close();
  }
}

function holdAlone(db: Database): Database {
  try {
    db.pragma('locking_mode = exclusive');
    // The lock is taken by the first write, even one that changes nothing, and then kept.
    write(db, () => db.prepare("update sqlite_sequence set seq = seq where name = 'outbox'").run());
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

export class Outbox {
  readonly #db: Database;
  readonly #onFlushed: (failure: Error | null) => void;
  readonly #insert;
  readonly #forget;
  readonly #select;
  readonly #storedBytes = new Map<number, number>();
  #bytes = 0;
  #waiting: Waiting[] = [];
  #lastSeq: number;
  #ackedSeq: number;
  #forgottenSeq: number;
  #soon: NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;
  #isStalled = false;
  #isClosed = false;

  constructor(db: Database, options: OutboxOptions) {
    this.#db = db;
    this.#onFlushed = options.onFlushed ?? (() => {});
    this.#insert = db.prepare('insert into outbox (seq, at, session_id, event) values (:seq, :at, :sessionId, :event)');
    this.#forget = db.prepare('delete from outbox where seq > ? and seq <= ?');
    this.#select = db.prepare<[number, number], Row>(
      'select seq, at, session_id as sessionId, event from outbox where seq > ? order by seq limit ?',
    );
    const stored = storedSizes(db);
    for (const { seq, bytes } of stored) this.#store(seq, bytes);
    const afterSeq = options.afterSeq ?? 0;
    this.#lastSeq = Math.max(highestSeq(db), afterSeq);
    this.#forgottenSeq = (stored[0]?.seq ?? this.#lastSeq + 1) - 1;
    this.#ackedSeq = Math.max(this.#forgottenSeq, afterSeq);
  }

  /** The number of the newest event, on disk or on its way there. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get ackedSeq(): number {
    return this.#ackedSeq;
  }

  /** How much waits for the backend, on disk and on its way there. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether the disk took the last commit; while it does not, what is appended stays in memory. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** Resolves with the event's number once it is on disk. What arrives together is committed together. */
  append(entry: Omit<NumberedEvent, 'seq'>): Promise<number> {
    if (this.#isClosed) return Promise.reject(new Error('the outbox is closed'));
    const event = JSON.stringify(entry.event);
    const bytes = Buffer.byteLength(event);
    this.#lastSeq += 1;
    this.#bytes += bytes;
    const row = { seq: this.#lastSeq, at: entry.at, sessionId: entry.sessionId, event, bytes };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...row, resolve, reject });
      this.#flushSoon();
    });
  }

  /** The backend has everything up to `upToSeq`. The rows go with the next commit, or by themselves soon after. */
  ack(upToSeq: number): void {
    if (upToSeq <= this.#ackedSeq) return;
    this.#ackedSeq = Math.min(upToSeq, this.#lastSeq);
    this.#later ??= setTimeout(() => this.#flush(), ackLingerMs);
  }

  /** Events on disk after `afterSeq` that are not acknowledged, oldest first; one at least, however large it is. */
  pending(afterSeq: number, limit: BatchLimit): NumberedEvent[] {
    const events: NumberedEvent[] = [];
    let bytes = 0;
    for (const row of this.#select.iterate(Math.max(afterSeq, this.#ackedSeq), limit.events)) {
      bytes += this.#storedBytes.get(row.seq) ?? row.event.length;
      if (events.length > 0 && bytes > limit.bytes) break;
      events.push(fromRow(row));
    }
    return events;
  }

  /** Puts everything appended so far on disk; throws when the disk does not take it. */
  flushNow(): void {
    while (this.#waiting.length > 0 || this.#ackedSeq > this.#forgottenSeq) {
      const failure = this.#flush();
      if (failure) throw failure;
    }
  }

  /** What the disk does not take even now is rejected. */
  close(): void {
    if (this.#isClosed) return;
    try {
      this.flushNow();
    } catch (error) {
      for (const row of this.#waiting) row.reject(asError(error));
    }
    this.#isClosed = true;
    this.#unschedule();
    this.#db.close();
  }

  #flushSoon(): void {
    // While stalled the timer is the next try, and hurrying would only spin.
    if (!this.#isStalled) this.#soon ??= setImmediate(() => this.#flush());
  }

  #unschedule(): void {
    clearImmediate(this.#soon);
    clearTimeout(this.#later);
    this.#soon = undefined;
    this.#later = undefined;
  }

  #flush(): Error | null {
    this.#unschedule();
    const rows = this.#waiting.slice(0, maxRowsPerFlush);
    const upToSeq = this.#ackedSeq;
    const failure = this.#commit(rows, upToSeq);
    this.#isStalled = failure !== null;
    if (failure) this.#later = setTimeout(() => this.#flush(), retryAfterMs);
    else this.#settle(rows, upToSeq);
    this.#onFlushed(failure);
    return failure;
  }

  #commit(rows: readonly Waiting[], upToSeq: number): Error | null {
    try {
      write(this.#db, () => {
        for (const { seq, at, sessionId, event } of rows) this.#insert.run({ seq, at, sessionId, event });
        if (upToSeq > this.#forgottenSeq) this.#forget.run(this.#forgottenSeq, upToSeq);
      });
      return null;
    } catch (error) {
      return asError(error);
    }
  }

  #settle(rows: readonly Waiting[], upToSeq: number): void {
    this.#waiting = this.#waiting.slice(rows.length);
    for (const { seq, bytes, resolve } of rows) {
      this.#storedBytes.set(seq, bytes);
      resolve(seq);
    }
    for (let seq = this.#forgottenSeq + 1; seq <= upToSeq; seq += 1) this.#unstore(seq);
    this.#forgottenSeq = upToSeq;
    if (this.#waiting.length > 0) this.#flushSoon();
  }

  #store(seq: number, bytes: number): void {
    this.#storedBytes.set(seq, bytes);
    this.#bytes += bytes;
  }

  #unstore(seq: number): void {
    this.#bytes -= this.#storedBytes.get(seq) ?? 0;
    this.#storedBytes.delete(seq);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
