/** Write transactions. `begin immediate` takes the write lock first, so that none fails half-way for want of it. */
import type { Database } from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';

/** Runs `work` in one transaction, or in the one that is open; what SQLite refuses comes out as an `AgorError`. */
export function write<T>(db: Database, work: () => T): T {
  if (db.inTransaction) return work();
  try {
    return db.transaction(work).immediate();
  } catch (error) {
    throw asStorageError(error, db.name);
  }
}
