/** A copy of a database as one file: its log is written into it, and none is begun when somebody reads it. */
import Database from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';
import { nativeBindingPath } from './native-binding.ts';

/** Never of a database that is in use: the file belongs to the caller. */
export function makeLone(path: string): void {
  try {
    const nativeBinding = nativeBindingPath();
    const db = new Database(path, { fileMustExist: true, ...(nativeBinding ? { nativeBinding } : {}) });
    try {
      db.pragma('journal_mode = delete');
    } finally {
      db.close();
    }
  } catch (error) {
    throw asStorageError(error, path);
  }
}
