/** A second look at a database that somebody else writes: it can neither change nor make anything. */
import Database from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';
import { nativeBindingPath } from './native-binding.ts';

const busyTimeoutMs = 2_000;

/** `cacheKib`: where SQLite's own 16 MiB would be too much. */
export function openReadOnly(path: string, cacheKib?: number): Database.Database {
  try {
    const nativeBinding = nativeBindingPath();
    const options = { readonly: true, fileMustExist: true, timeout: busyTimeoutMs, ...(nativeBinding ? { nativeBinding } : {}) };
    const db = new Database(path, options);
    if (cacheKib !== undefined) db.pragma(`cache_size = -${cacheKib}`);
    return db;
  } catch (error) {
    throw asStorageError(error, path);
  }
}

/** Opens it for one look. */
export function reading<T>(path: string, read: (db: Database.Database) => T): T {
  const db = openReadOnly(path);
  try {
    return read(db);
  } finally {
    db.close();
  }
}
