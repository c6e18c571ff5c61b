/**
 * Keeps the write-ahead logs short. A log begins anew only when nobody reads from it. So every five minutes, and whenever
 * one has grown, those who read in other threads are asked to wait for a moment, and in that moment the log is brought over
 * and emptied. The writer waits for nobody; and SQLite's own way is off meanwhile, because with a reader beside it a log
 * that has grown would be brought over, with two syncs, by each single commit.
 */
import { basename } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Checkpoint } from '../protocol/checkpoint.ts';
import { checkpoint, walBytes } from '../store/checkpoint.ts';
import type { Database } from '../store/open-database.ts';
import type { RecordFile } from '../store/record-file.ts';

export type CheckpointsDeps = {
  readonly files: readonly Pick<RecordFile, 'db' | 'committed'>[];
  readonly clock: Clock;
  /** Asks those who read elsewhere to wait; returns what lets them go on. */
  readonly askReaders: () => () => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const everyMs = 5 * 60_000;
/** To look at the size costs a few microseconds, so it is not done for each commit. */
const commitsBetweenLooks = 64;
export const grownBytes = 4 * 1024 * 1024;
/** As grown as that, in pages; whoever writes when nobody looks any more goes on by it. */
const sqliteOwnPages = 1_000;
/** Well above what it grows to with readers that keep to their 20 ms. */
export const alarmBytes = 32 * 1024 * 1024;
const busyTooOften = 3;
/** As long as one page of a reader, and some; tried in between, because most are done sooner. */
const calm = { tryEveryMs: 4, giveUpMs: 60 };
/** After one that found no such moment, so that readers are not held up all the time. */
const restMs = 1_000;

type Watched = {
  readonly file: CheckpointsDeps['files'][number];
  readonly name: string;
  last: Checkpoint | undefined;
  commits: number;
  busyInARow: number;
  isUnderWay: boolean;
  restsUntil: number;
};

export class Checkpoints {
  /** A result that says something else than the one before. */
  readonly changed = new Emitter<void>();
  readonly #deps: CheckpointsDeps;
  readonly #watched: readonly Watched[];
  readonly #stops: (() => void)[] = [];
  #isClosed = false;

  constructor(deps: CheckpointsDeps) {
    this.#deps = deps;
    this.#watched = deps.files.map((file) => ({
      ...{ file, name: basename(file.db.name), last: undefined },
      ...{ commits: 0, busyInARow: 0, isUnderWay: false, restsUntil: 0 },
    }));
  }

  start(): void {
    for (const one of this.#watched) {
      this.#stops.push(one.file.committed.on(() => this.#committed(one)));
      byItself(one.file.db, 0);
    }
    this.#lookLater();
  }

  /** The last of each database. */
  results(): Checkpoint[] {
    return this.#watched.flatMap(({ last }) => last ?? []);
  }

  /** Of all databases together, now. */
  walBytes(): number {
    return this.#watched.reduce((sum, { file }) => sum + walBytes(file.db.name), 0);
  }

  /** What is wrong now, one sentence each. */
  problems(): string[] {
    return this.#watched.flatMap(({ name, last }) => (last ? problemOf(name, last) : []));
  }

  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
    for (const { file } of this.#watched) if (file.db.open) byItself(file.db, sqliteOwnPages);
  }

  #lookLater(): void {
    const look = () => {
      for (const one of this.#watched) this.#begin(one);
      this.#stops.splice(this.#stops.indexOf(callOff), 1);
      this.#lookLater();
    };
    const callOff = this.#deps.clock.after(everyMs, look);
    this.#stops.push(callOff);
  }

  #committed(one: Watched): void {
    one.commits += 1;
    if (one.commits < commitsBetweenLooks || one.isUnderWay) return;
    one.commits = 0;
    if (walBytes(one.file.db.name) < grownBytes || this.#deps.clock.elapsed() < one.restsUntil) return;
    this.#begin(one);
  }

  #begin(one: Watched): void {
    if (one.isUnderWay) return;
    one.isUnderWay = true;
    const goOn = this.#deps.askReaders();
    const end = () => {
      goOn();
      one.isUnderWay = false;
      one.restsUntil = one.busyInARow === 0 ? 0 : this.#deps.clock.elapsed() + restMs;
    };
    const giveUpAt = this.#deps.clock.elapsed() + calm.giveUpMs;
    // Not at once: a commit calls this, and who reads has to come to its end first.
    this.#tryLater(one, giveUpAt, end);
  }

  #tryLater(one: Watched, giveUpAt: number, end: () => void): void {
    this.#deps.clock.after(calm.tryEveryMs, () => {
      if (this.#isClosed) return end();
      try {
        const isLast = this.#deps.clock.elapsed() >= giveUpAt;
        if (this.#look(one, isLast)) end();
        else this.#tryLater(one, giveUpAt, end);
      } catch (err) {
        // A disk that takes nothing now: the next one tries again.
        this.#deps.log('a write-ahead log was not looked at', { database: one.name, err });
        end();
      }
    });
  }

  /** Whether it was done, or this was the last try. */
  #look(one: Watched, isLast: boolean): boolean {
    const { db } = one.file;
    // What can be brought over is, also where somebody reads; and one that was emptied has no frames to tell of.
    const brought = checkpoint(db, 'passive');
    const isBusy = brought.isBusy || checkpoint(db, 'truncate').isBusy;
    if (isBusy && !isLast) return false;
    const mode = isBusy ? 'passive' : 'truncate';
    one.busyInARow = isBusy ? one.busyInARow + 1 : 0;
    const last = {
      ...({ database: one.name, at: this.#deps.clock.now(), mode, isBusy, busyInARow: one.busyInARow } as const),
      ...{ logFrames: brought.logFrames, checkpointedFrames: brought.checkpointedFrames, walBytes: walBytes(db.name) },
    };
    one.last = last;
    if (one.busyInARow === busyTooOften) this.#deps.log('a write-ahead log cannot be emptied', last);
    this.changed.emit();
    return true;
  }
}

/** SQLite brings its log over with the commit that makes it so long; with 0, never. */
function byItself(db: Database, pages: number): void {
  db.pragma(`wal_autocheckpoint = ${pages}`);
}

function problemOf(name: string, { busyInARow, walBytes }: Checkpoint): string[] {
  const mebibytes = Math.ceil(walBytes / 1024 ** 2);
  if (walBytes > alarmBytes)
    return [`The write-ahead log of ${name} has grown to ${mebibytes} MiB. Something reads from it without an end; restart the backend.`];
  if (busyInARow >= busyTooOften)
    return [`The write-ahead log of ${name} could not be emptied ${busyInARow} times in a row, because something reads from it.`];
  return [];
}
