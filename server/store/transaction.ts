/** Write transactions. `begin immediate` takes the write lock first, so that none fails half-way for want of it. */
import type { Database } from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';

type Runner = (work: () => unknown) => unknown;

/** One for each database: making it costs more than a small transaction does. */
const runners = new WeakMap<Database, Runner>();

/** Runs `work` in one transaction, or in the one that is open; what SQLite refuses comes out as an `AgorError`. */
export function write<T>(db: Database, work: () => T): T {
  if (db.inTransaction) return work();
  try {
    // It returns what `work` returns.
    return runnerOf(db)(work) as T;
  } catch (error) {
    throw asStorageError(error, db.name);
  }
}

function runnerOf(db: Database): Runner {
  const known = runners.get(db);
  if (known) return known;
  const runner = db.transaction((work: () => unknown) => work()).immediate;
  runners.set(db, runner);
  return runner;
}
