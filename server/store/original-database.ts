/** The database of the system that this one succeeds: only read, also while its own program has it open. */
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';
import { AgorError } from '../protocol/errors.ts';
import { nativeBindingPath } from './native-binding.ts';

/** Values as they are there: older versions lack columns, and any column may hold anything. */
export type OriginalRow = Readonly<Record<string, unknown>>;

const busyTimeoutMs = 2_000;
/** Whatever else an older version lacks, it has these. */
const required: Readonly<Record<string, readonly string[]>> = {
  agents: ['id', 'name'],
  messages: ['id', 'from_agent', 'to_agent', 'content'],
};
const saidChars = 120;

export class OriginalDatabase {
  readonly path: string;
  readonly #db: Database.Database;

  private constructor(db: Database.Database) {
    this.#db = db;
    this.path = db.name;
  }

  /** Throws `notFound`, `badRequest` (of another program), `conflict` (locked) or `storage` (damaged), and what to do about it. */
  static open(path: string): OriginalDatabase {
    return readable(path, () => {
      requireFile(path);
      const nativeBinding = nativeBindingPath();
      const db = new Database(path, { readonly: true, timeout: busyTimeoutMs, ...(nativeBinding ? { nativeBinding } : {}) });
      try {
        // From here on it is read as it was at this moment.
        db.exec('begin');
        requireOriginal(db);
        requireWhole(db);
        return new OriginalDatabase(db);
      } catch (error) {
        db.close();
        throw error;
      }
    });
  }

  has(table: string): boolean {
    return columnsOf(this.#db, table).length > 0;
  }

  /** Oldest first, where the table knows; nothing when there is no such table. */
  *rows(table: string): Generator<OriginalRow> {
    const columns = columnsOf(this.#db, table);
    if (columns.length === 0) return;
    const order = columns.includes('created_at') ? 'order by created_at, rowid' : '';
    const rows = this.#db.prepare<[], OriginalRow>(`select * from ${table} ${order}`).iterate();
    try {
      for (let next = this.#next(rows); !next.done; next = this.#next(rows)) yield next.value;
    } finally {
      // Who stops early would leave the file open otherwise.
      rows.return?.();
    }
  }

  close(): void {
    this.#db.close();
  }

  #next(rows: IterableIterator<OriginalRow>): IteratorResult<OriginalRow> {
    return readable(this.path, () => rows.next());
  }
}

/** Opening a pipe would wait for its writer, and all of the backend with it. */
function requireFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new AgorError('notFound', `There is no ${path}. Name the btmsg.db to import, or the folder that it is in.`);
  if (!found.isFile()) throw new AgorError('badRequest', `${path} is no file. Name the btmsg.db of the earlier system.`);
}

function columnsOf(db: Database.Database, table: string): string[] {
  return db.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(table);
}

function requireOriginal(db: Database.Database): void {
  if (columnsOf(db, 'high_water').length > 0)
    throw new AgorError('badRequest', `${db.name} is a database of this program; only one of the earlier system can be imported.`);
  for (const [table, columns] of Object.entries(required)) {
    const found = columnsOf(db, table);
    const missing = columns.filter((column) => !found.includes(column));
    if (missing.length === 0) continue;
    const what = found.length === 0 ? `no table "${table}"` : `no "${missing.join('", "')}" in its table "${table}"`;
    throw new AgorError('badRequest', `${db.name} is of another program: it has ${what}. Name the btmsg.db of the earlier system.`);
  }
}

function requireWhole(db: Database.Database): void {
  const answer = String(db.pragma('integrity_check(1)', { simple: true }));
  if (answer !== 'ok') throw damaged(db.name, answer.replaceAll(/\s+/g, ' ').slice(0, saidChars));
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw refusal(error, path);
  }
}

function refusal(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof AgorError) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new AgorError('conflict', `${path} is locked by another program. End that program, then import again.`, { cause: error });
  if (code === 'SQLITE_NOTADB')
    return new AgorError('badRequest', `${path} is no SQLite database. Name the btmsg.db of the earlier system.`, { cause: error });
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(path, error.message, error);
  return asStorageError(error, path);
}

function damaged(path: string, found: string, cause?: unknown): AgorError {
  const remedy = `Save what can be read with: sqlite3 ${path} .recover | sqlite3 saved.db – and import that.`;
  return new AgorError('storage', `${path} is damaged (${found}), and nothing was imported. ${remedy}`, { cause });
}
