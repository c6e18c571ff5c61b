/**
 * How far a database had come, kept inside it and in a file beside it. A damaged write-ahead log drops commits without
 * a word; then the file beside knows of more than the database does.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import * as z from 'zod/mini';

export const createMarkTable = `
  create table high_water (
    name text primary key,
    value integer not null
  ) strict`;

const MarkFile = z.object({ commits: z.number(), auditSeq: z.optional(z.number()), auditHash: z.optional(z.string()) });
export type MarkFile = z.infer<typeof MarkFile>;

export function markPath(databasePath: string): string {
  return `${databasePath}.mark`;
}

/** What each row of the audit log said, of the database that holds one. */
export function witnessPath(databasePath: string): string {
  return `${databasePath}.witness`;
}

/** Counts a commit; call it inside each write transaction. */
export class HighWaterMark {
  readonly #path: string;
  readonly #bump;
  readonly #read;

  constructor(db: Database) {
    this.#path = markPath(db.name);
    this.#bump = db.prepare(
      `insert into high_water (name, value) values ('commits', 1) on conflict (name) do update set value = value + 1`,
    );
    this.#read = db.prepare<[], number>(`select value from high_water where name = 'commits'`).pluck();
  }

  bump(): void {
    this.#bump.run();
  }

  commits(): number {
    return this.#read.get() ?? 0;
  }

  /** Written now and then and at the end, by rename, so that it is whole or the old one. */
  save(extra: Omit<MarkFile, 'commits'> = {}): void {
    const temporary = `${this.#path}.tmp`;
    writeFileSync(temporary, JSON.stringify({ commits: this.commits(), ...extra }), { mode: 0o600 });
    renameSync(temporary, this.#path);
  }

  /** Whether something was committed since the mark was kept, or there is none. */
  hasMoved(): boolean {
    return this.saved()?.commits !== this.commits();
  }

  /** How many commits the file beside knows of and the database does not; 0 when all is there. */
  missing(): number {
    return Math.max(0, (this.saved()?.commits ?? 0) - this.commits());
  }

  saved(): MarkFile | undefined {
    return readMark(this.#path);
  }
}

/** As it was last kept beside the database. */
export function savedMark(databasePath: string): MarkFile | undefined {
  return readMark(markPath(databasePath));
}

function readMark(path: string): MarkFile | undefined {
  try {
    return MarkFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // No mark yet, or one that cannot be read: nothing to compare with.
    return undefined;
  }
}
