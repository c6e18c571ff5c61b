/** A database of record: every write counts in its high-water mark, which is also kept beside the file. */
import { Emitter } from '../base/emitter.ts';
import { AgorError } from '../protocol/errors.ts';
import { HighWaterMark, type MarkFile } from './high-water-mark.ts';
import { type Database, type OpenOptions, openDatabase } from './open-database.ts';
import { write } from './transaction.ts';

export class RecordFile {
  readonly db: Database;
  /** After each transaction that was committed. */
  readonly committed = new Emitter<void>();
  readonly #mark: HighWaterMark;
  #savedCommits = -1;
  #written = 0;
  #writeProblem: string | undefined;

  private constructor(db: Database) {
    this.db = db;
    this.#mark = new HighWaterMark(db);
  }

  static open(path: string, options: Omit<OpenOptions, 'durability'>): RecordFile {
    return new RecordFile(openDatabase(path, { ...options, durability: 'full' }));
  }

  /** What `work` does is on disk when this returns; inside another write it joins that one. */
  write<T>(work: () => T): T {
    if (this.db.inTransaction) return work();
    try {
      const result = write(this.db, () => this.#counted(work));
      this.#writeProblem = undefined;
      this.#written += 1;
      this.committed.emit();
      return result;
    } catch (error) {
      if (error instanceof AgorError && error.code === 'storage') this.#writeProblem = error.message;
      throw error;
    }
  }

  /** How often something was committed here since it was opened. */
  get written(): number {
    return this.#written;
  }

  /** Why the disk did not take the last write; undefined when it did. */
  get writeProblem(): string | undefined {
    return this.#writeProblem;
  }

  /** How many writes it has seen. */
  get commits(): number {
    return this.#mark.commits();
  }

  savedMark(): MarkFile | undefined {
    return this.#mark.saved();
  }

  /** Whether something was committed that the mark beside the file does not know of. */
  get hasMoved(): boolean {
    return this.#mark.hasMoved();
  }

  /** Keeps the mark beside the file, if it moved. */
  saveMark(extra: Omit<MarkFile, 'commits'> = {}): void {
    const commits = this.#mark.commits();
    if (commits === this.#savedCommits) return;
    this.#mark.save(extra);
    this.#savedCommits = commits;
  }

  close(): void {
    this.db.close();
  }

  #counted<T>(work: () => T): T {
    const result = work();
    this.#mark.bump();
    return result;
  }
}
