/**
 * What the sidecar has to tell the backend and the backend has not yet taken: a queue in an SQLite file, numbered for
 * the agent's whole life. An event that `append` has answered for is on disk and stays until the backend has it, or
 * until it is set aside because the backend refuses it for good; then a person can see it and have it tried once more.
 */
import { KeySequence } from '../base/key-sequence.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { OutboxReport } from '../protocol/outbox.ts';
import type { AppendAnswer } from '../protocol/sidecar-wire.ts';
import type { Database } from '../store/open-database.ts';
import { write } from '../store/transaction.ts';
import { CommitTimes } from './commit-times.ts';
import { type NewRow, OutboxRows, storedRows } from './outbox-rows.ts';
import { PendingEvents } from './pending-events.ts';
import { RefusedEvents, type RetryTerms, type SetAside, type Verdict } from './refused-events.ts';
import { type Batch, type BatchLimit, readBatch, type SentEvent } from './sent-events.ts';

export type OutboxOptions = {
  /** Numbers go on after this one at least. */
  readonly afterSeq?: number;
  /** Called after each commit, and with the reason when one failed; failed rows are kept and tried again. */
  readonly onFlushed?: (failure: Error | null) => void;
};

export type NewEvent = {
  /** When it happened; kept through all tries. */
  readonly at: number;
  readonly sessionId: SessionId;
  readonly event: AgentEvent;
  /** `coalesce` replaces the event that waits under the same `dedupeKey`, unless that is on its way. */
  readonly mode?: 'append' | 'coalesce';
  readonly dedupeKey?: string;
};

export type Lent = { readonly events: readonly SentEvent[]; readonly setAside: readonly SetAside[] };

type Waiting = NewRow & {
  readonly bytes: number;
  readonly event: AgentEvent;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: Error) => void;
};

const maxRowsPerFlush = 512;

export class Outbox {
  readonly #db: Database;
  readonly #rows: OutboxRows;
  readonly #refused: RefusedEvents;
  readonly #options: OutboxOptions;
  /** What waits on disk for the backend. */
  readonly #stored = new PendingEvents();
  /** What waits for the disk. */
  #waiting: Waiting[] = [];
  readonly #keys = new KeySequence();
  #waitingBytes = 0;
  #coalescedCount = 0;
  #lastSeq: number;
  #ackedSeq = 0;
  #forgottenSeq: number;
  #lentSeq = 0;
  readonly #times = new CommitTimes(() => this.#flush());
  #isStopped = false;

  constructor(db: Database, options: OutboxOptions) {
    this.#db = db;
    this.#options = options;
    this.#rows = new OutboxRows(db);
    const rows = storedRows(db);
    for (const { seq, bytes, poisoned } of rows) if (poisoned === 0) this.#stored.add(seq, bytes);
    this.#refused = new RefusedEvents(db, this.#rows, rows.length - this.#stored.count);
    this.#lastSeq = Math.max(this.#rows.numbers.highest(rows.at(-1)?.seq ?? 0), options.afterSeq ?? 0);
    this.#advance();
    this.#forgottenSeq = this.#ackedSeq;
  }

  /** The number of the newest event, on disk or on its way there. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Up to here nothing waits: the backend has it, or it was set aside. */
  get ackedSeq(): number {
    return this.#ackedSeq;
  }

  /** How much waits for the backend, on disk and on its way there. */
  get bytes(): number {
    return this.#stored.bytes + this.#waitingBytes;
  }

  get pendingCount(): number {
    return this.#stored.count + this.#waiting.length;
  }

  /** How many events were set aside. */
  get poisonedCount(): number {
    return this.#refused.count;
  }

  /** Whether the disk took the last commit; while it does not, what is appended stays in memory. */
  get isStalled(): boolean {
    return this.#times.isStalled;
  }

  /** Resolves with the event's number once it is on disk. What arrives together is committed together. */
  append(entry: NewEvent): Promise<number> {
    if (this.#isStopped) return Promise.reject(new Error('outbox is stopped'));
    const { mode = 'append', dedupeKey = null, at: occurredAt, sessionId, event } = entry;
    if (mode === 'coalesce' && !dedupeKey)
      return Promise.reject(new Error(`an event that replaces others (${event.type}) needs a dedupeKey`));
    const payload = JSON.stringify(event);
    const bytes = Buffer.byteLength(payload);
    this.#lastSeq += 1;
    this.#waitingBytes += bytes;
    const seq = this.#lastSeq;
    const createdAt = Date.now();
    const key = this.#keys.next(createdAt);
    return new Promise((resolve, reject) => {
      const row = { seq, kind: event.type, mode, dedupeKey, occurredAt, sessionId, key, payload, createdAt };
      this.#waiting.push({ ...row, bytes, event, resolve, reject });
      this.#times.soon();
    });
  }

  /**
   * Events on disk that wait, oldest first; one at least, however large it is. They are on their way until `settle` or
   * `giveBack`: nothing replaces them. What the disk gives back damaged is set aside.
   */
  lend(limit: BatchLimit): Lent {
    const setAside: SetAside[] = [];
    for (;;) {
      const count = this.#stored.countWithin(limit);
      const { events, damaged } = this.#oldest(count);
      this.#lentSeq = events.at(-1)?.seq ?? 0;
      if (damaged.length === 0) return { events, setAside };
      setAside.push(...this.#refused.setAsideDamaged(damaged));
      this.#gone(damaged);
    }
  }

  /** Nobody answered for what was lent: it waits as before, and no attempt is counted. */
  giveBack(): void {
    this.#lentSeq = 0;
  }

  /** What the backend has goes with the next commit; what becomes of the refused is on disk when this returns. */
  settle({ ackedSeq, refused = [] }: AppendAnswer, terms: RetryTerms): Verdict {
    this.#ack(Math.min(ackedSeq, this.#lentSeq));
    this.#lentSeq = 0;
    const verdict = this.#refused.judge(
      refused.filter(({ seq }) => this.#stored.has(seq)),
      terms,
    );
    this.#gone(verdict.setAside.map(({ seq }) => seq));
    return verdict;
  }

  /** Those set aside, or only those of `keys`, wait again behind all others. Returns how many; damaged ones stay. */
  requeue(keys?: readonly string[]): number {
    return this.#moveToEnd(this.#refused.numbers(keys));
  }

  /** A backend of this build answers: what only others did not understand waits again. */
  requeueUnsupported(build: string): number {
    return this.#moveToEnd(this.#rows.refusedByOthers(build));
  }

  /** With as many of those set aside after `afterSeq` as fit into a message. */
  report(afterSeq = 0): Omit<OutboxReport, 'isHeldBack'> {
    const counts = { pending: this.pendingCount, bytes: this.bytes, coalesced: this.#coalescedCount };
    return { ...counts, ...this.#refused.report(afterSeq) };
  }

  /** Puts everything appended so far on disk; throws when the disk does not take it. */
  flushNow(): void {
    while (this.#waiting.length > 0 || this.#ackedSeq > this.#forgottenSeq) {
      const failure = this.#flush();
      if (failure) throw failure;
    }
  }

  /** Takes nothing more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** What the disk does not take even now is rejected. */
  close(): void {
    this.stop();
    try {
      this.flushNow();
    } catch (error) {
      for (const row of this.#waiting) row.reject(asError(error));
    }
    this.#times.stop();
    this.#db.close();
  }

  /** The backend has everything up to `upToSeq`. The rows go with the next commit, or by themselves in the next pause. */
  #ack(upToSeq: number): void {
    this.#stored.removeUpTo(upToSeq);
    this.#advance();
    if (this.#ackedSeq > this.#forgottenSeq) this.#times.inPause();
  }

  #oldest(count: number): Batch {
    const events = this.#stored.oldest(count);
    return events ? { events, damaged: [] } : readBatch(this.#rows.waiting(this.#ackedSeq, count));
  }

  #moveToEnd(seqs: readonly number[]): number {
    if (seqs.length === 0) return 0;
    // What was appended before goes before.
    this.flushNow();
    for (const bytes of this.#refused.moveToEnd(seqs, this.#lastSeq)) {
      this.#lastSeq += 1;
      this.#stored.add(this.#lastSeq, bytes);
    }
    return seqs.length;
  }

  #flush(): Error | null {
    const failure = this.#tryFlush();
    this.#times.tried(failure);
    if (this.#waiting.length > 0) this.#times.soon();
    this.#options.onFlushed?.(failure);
    return failure;
  }

  #tryFlush(): Error | null {
    const rows = this.#waiting.slice(0, maxRowsPerFlush);
    const upToSeq = this.#ackedSeq;
    try {
      this.#kept(rows, this.#commit(rows, upToSeq));
      this.#forgottenSeq = upToSeq;
      return null;
    } catch (error) {
      return asError(error);
    }
  }

  /** New rows, what they replace, and what is forgotten, as one. Returns the numbers of what was replaced. */
  #commit(rows: readonly Waiting[], upToSeq: number): number[] {
    const replaceable = Math.max(this.#lentSeq, this.#ackedSeq);
    return write(this.#db, () => {
      const replaced = this.#rows.insertAll(rows, replaceable);
      if (upToSeq === this.#forgottenSeq) return replaced;
      this.#rows.forget(this.#forgottenSeq, upToSeq);
      // Otherwise the newest row tells.
      if (rows.length === 0) this.#rows.numbers.reached(upToSeq);
      return replaced;
    });
  }

  #kept(rows: readonly Waiting[], replaced: readonly number[]): void {
    this.#waiting = this.#waiting.slice(rows.length);
    for (const { seq, key, occurredAt: at, sessionId, event, bytes } of rows) {
      this.#stored.add(seq, bytes, { seq, key, at, sessionId, event });
      this.#waitingBytes -= bytes;
    }
    this.#coalescedCount += replaced.length;
    this.#gone(replaced);
    for (const { seq, resolve } of rows) resolve(seq);
  }

  #gone(seqs: readonly number[]): void {
    this.#stored.remove(seqs);
    this.#advance();
  }

  #advance(): void {
    const first = this.#stored.firstSeq ?? this.#waiting[0]?.seq ?? this.#lastSeq + 1;
    this.#ackedSeq = Math.max(this.#ackedSeq, first - 1);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
