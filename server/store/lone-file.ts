/** A copy of a database as one file: its log is written into it, and none is begun when somebody reads it. */
import Database from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';
import { nativeBindingPath } from './native-binding.ts';

/** Never of a database that is in use: the file belongs to the caller. */
export function makeLone(path: string): void {
  opened(path, (db) => db.pragma('journal_mode = delete'));
}

/** Copies a database that nobody else has open, with what its log holds; the target must not be there yet. Nobody is served meanwhile. */
export function copyInto(path: string, target: string): void {
  opened(path, (db) => db.prepare('vacuum into ?').run(target));
  makeLone(target);
}

function opened(path: string, use: (db: Database.Database) => unknown): void {
  try {
    const nativeBinding = nativeBindingPath();
    const db = new Database(path, { fileMustExist: true, ...(nativeBinding ? { nativeBinding } : {}) });
    try {
      use(db);
    } finally {
      db.close();
    }
  } catch (error) {
    throw asStorageError(error, path);
  }
}
