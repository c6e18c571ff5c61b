/** A database of record: every write counts in its high-water mark, which is also kept beside the file. */
import { HighWaterMark, type MarkFile } from './high-water-mark.ts';
import { type Database, type OpenOptions, openDatabase } from './open-database.ts';
import { write } from './transaction.ts';

export class RecordFile {
  readonly db: Database;
  readonly #mark: HighWaterMark;
  #savedCommits = -1;

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
    return write(this.db, () => {
      const result = work();
      this.#mark.bump();
      return result;
    });
  }

  /** A sentence when the file is behind its mark. */
  problem(): string | undefined {
    return this.#mark.problem();
  }

  savedMark(): MarkFile | undefined {
    return this.#mark.saved();
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
}
