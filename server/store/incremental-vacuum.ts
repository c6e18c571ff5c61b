/**
 * Gives free pages of a database back to the disk, a few at a time. Only a database that was made for it can do so: new ones
 * are, an older one is made so when it is migrated, because then nobody waits for it yet; where it is too large for that, or
 * the disk too full, its free pages are used again and the file stays as large as it was.
 */
import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';

const incremental = 2;
/** About a second. */
export const mostBytesAtStart = 256 * 1024 * 1024;
/** The new file and the log with all of it, beside the old one. */
const neededShare = 3;

/** So many stay, and are used again by what comes next. */
export const pagesThatStay = 1_024;

/** Before the first table of a new database, and before its journal is chosen. */
export function beIncremental(db: Database): void {
  db.pragma('auto_vacuum = incremental');
}

export function isIncremental(db: Database): boolean {
  return db.pragma('auto_vacuum', { simple: true }) === incremental;
}

/** Blocks for as long as it takes to write the whole file; for a moment in which nobody waits. Whether it is one now. */
export function becomeIncremental(db: Database, mostBytes = mostBytesAtStart): boolean {
  if (isIncremental(db)) return true;
  const { size } = statSync(db.name);
  const { bavail, bsize } = statfsSync(dirname(db.name));
  if (size > mostBytes || bavail * bsize < size * neededShare) return false;
  beIncremental(db);
  try {
    db.exec('vacuum');
  } catch {
    // It changes all or nothing, and what it is for can wait until the next migration.
  }
  return isIncremental(db);
}

export function freePages(db: Database): number {
  return Number(db.pragma('freelist_count', { simple: true }));
}

/** In a transaction of its own. How many pages went. */
export function vacuumStep(db: Database, pages: number): number {
  const before = freePages(db);
  if (before === 0 || !isIncremental(db)) return 0;
  db.pragma(`incremental_vacuum(${pages})`);
  return before - freePages(db);
}
