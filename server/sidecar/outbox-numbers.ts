/**
 * The highest number ever given to an event, on disk, so that none comes twice. `autoincrement` alone would write it with
 * every commit, a page for each; so the number that it keeps is raised ahead of what is given. What was really reached is
 * the newest row, or stands in a row of its own once that is gone. An older build, which knows of neither, goes on behind
 * what was raised; that it did so is seen by that number having moved.
 */
import type { Database } from '../store/open-database.ts';

const raisedAhead = 1_000;
/** Names in SQLite's table of these numbers: the table's own, what this build raised it to, and what was reached. */
const [kept, raised, reached] = ['outbox', 'outbox raised', 'outbox reached'];

export class OutboxNumbers {
  readonly #get;
  readonly #set;
  readonly #begin;
  /** Where a raise was rolled back, SQLite itself keeps up with what is inserted. */
  #raisedSeq = 0;

  constructor(db: Database) {
    this.#get = db.prepare<[string], number>('select seq from sqlite_sequence where name = ?').pluck();
    this.#set = db.prepare('update sqlite_sequence set seq = ? where name = ?');
    this.#begin = db.prepare('insert into sqlite_sequence (seq, name) values (?, ?)');
  }

  /** Also of rows that are gone; `newestSeq` is of the newest that is there. */
  highest(newestSeq: number): number {
    const keptSeq = this.#get.get(kept) ?? 0;
    return keptSeq === this.#get.get(raised) ? Math.max(newestSeq, this.#get.get(reached) ?? 0) : keptSeq;
  }

  /** In the transaction of the rows up to `newestSeq`. */
  raise(newestSeq: number): void {
    if (newestSeq <= this.#raisedSeq) return;
    const raisedSeq = newestSeq + raisedAhead;
    this.#write(kept, raisedSeq);
    this.#write(raised, raisedSeq);
    this.#raisedSeq = raisedSeq;
  }

  /** In the transaction that removes rows up to `seq` and adds none. */
  reached(seq: number): void {
    this.#write(reached, seq);
  }

  #write(name: string, seq: number): void {
    if (this.#set.run(seq, name).changes === 0) this.#begin.run(seq, name);
  }
}
