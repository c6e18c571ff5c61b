/**
 * The lock that makes one process the owner of a data directory: an exclusive SQLite transaction held for its whole
 * life. Nobody else ever opens the file, not even to read it: closing it would drop the lock.
 */
import Database from 'better-sqlite3';

export type OwnerLock = { release(): void };

/** Undefined when another process holds it. */
export function takeOwnerLock(path: string, nativeBinding: string | undefined): OwnerLock | undefined {
  const db = new Database(path, { timeout: 0, ...(nativeBinding ? { nativeBinding } : {}) });
  db.pragma('locking_mode = exclusive');
  try {
    db.exec('begin exclusive');
  } catch (error) {
    db.close();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  return { release: () => db.close() };
}
