/** A second look at a database that somebody else writes: it can neither change nor make anything. */
import Database from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';
import { nativeBindingPath } from './native-binding.ts';

const busyTimeoutMs = 2_000;

export function openReadOnly(path: string): Database.Database {
  try {
    const nativeBinding = nativeBindingPath();
    return new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs, ...(nativeBinding ? { nativeBinding } : {}) });
  } catch (error) {
    throw asStorageError(error, path);
  }
}
