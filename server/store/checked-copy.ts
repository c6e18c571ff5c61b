/** A copy of a database that may be in use, made by SQLite itself: the file is never copied under its owner. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { checkWhole, schemaVersion } from './migrate.ts';
import { nativeBindingPath } from './native-binding.ts';

const busyTimeoutMs = 5_000;

/** The version of the schema; 0 where there is no database yet. Nothing in it is changed. */
export function foundSchema(path: string): number {
  return isThere(path) ? reading(path, schemaVersion) : 0;
}

/** It gets its name only after it was opened and found whole. Returns whether there was anything to copy. */
export function copyChecked(path: string, target: string): boolean {
  if (!isThere(path)) return false;
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.tmp`;
  rmSync(temporary, { force: true });
  reading(path, (db) => db.prepare('vacuum into ?').run(temporary));
  checkWhole(temporary);
  synchronize(temporary);
  renameSync(temporary, target);
  synchronize(dirname(target));
  return true;
}

function isThere(path: string): boolean {
  return existsSync(path) && statSync(path).size > 0;
}

/** Beside a rollback journal only who may write can take back what was begun. */
function reading<T>(path: string, read: (db: Database.Database) => T): T {
  const nativeBinding = nativeBindingPath();
  const readonly = !existsSync(`${path}-journal`);
  const db = new Database(path, { readonly, timeout: busyTimeoutMs, ...(nativeBinding ? { nativeBinding } : {}) });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** What was written to the file, or renamed in the folder, is on disk when this returns. */
export function synchronize(path: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
