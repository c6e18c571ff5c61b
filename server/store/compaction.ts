/**
 * A database written anew without its free pages, for one that is too large to be made so at a start. The new file is made
 * beside the old one and held against it; who exchanges them is `restoring.ts`. The caller owns the data directory and has
 * nothing open.
 */
import { copyFileSync, existsSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';
import { syncFile } from '../base/sync-folder.ts';
import { AgorError } from '../protocol/errors.ts';
import { allDamagedRows } from './damaged-rows.ts';
import { markPath, witnessPath } from './high-water-mark.ts';
import { beIncremental, freePages, isIncremental } from './incremental-vacuum.ts';
import { checkWhole, schemaVersion } from './migrate.ts';
import { nativeBindingPath } from './native-binding.ts';
import { tableCounts } from './table-counts.ts';

export type PageFacts = {
  readonly bytes: number;
  /** Of these, in pages that hold nothing. */
  readonly freeBytes: number;
  /** It gives free pages back by itself. */
  readonly isIncremental: boolean;
};

/** Beside the new files, for what else is written meanwhile. */
const spareBytes = 64 * 1024 * 1024;

export function pageFacts(path: string): PageFacts {
  return opened(path, { readonly: !existsSync(`${path}-journal`) }, pageFactsOf);
}

export function pageFactsOf(db: Database.Database): PageFacts {
  const pageBytes = Number(db.pragma('page_size', { simple: true }));
  const pages = Number(db.pragma('page_count', { simple: true }));
  return { bytes: pages * pageBytes, freeBytes: freePages(db) * pageBytes, isIncremental: isIncremental(db) };
}

/** Throws `storage` when the disk has no room for the new files beside the old ones. */
export function requireRoom(dir: string, neededBytes: number): void {
  const { bavail, bsize } = statfsSync(dir);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes + spareBytes) return;
  const [needed, free] = [neededBytes + spareBytes, freeBytes].map((bytes) => `${Math.ceil(bytes / 1024 ** 2)} MiB`);
  throw new AgorError('storage', `The new files need ${needed} beside the old ones, and the disk has ${free} free. Free some space first.`);
}

/** Writes it anew, with the log written into it; `target` must not be there yet. */
export function writeCompact(path: string, target: string): void {
  opened(path, {}, (db) => {
    // The new file takes over how its pages are given back, where this was asked of the connection before.
    beIncremental(db);
    db.prepare('vacuum into ?').run(target);
  });
  syncFile(target);
}

/** Throws `storage` when the new file is not all of the old one. */
export function requireSameRows(path: string, target: string): void {
  checkWhole(target);
  const [old, fresh] = [path, target].map((file) => opened(file, { readonly: true }, contents));
  if (JSON.stringify(old) !== JSON.stringify(fresh))
    throw new AgorError('storage', `The new ${basename(path)} does not hold what the old one does; nothing was changed. Check the disk.`);
  const { damaged } = opened(target, { readonly: true }, allDamagedRows);
  const [first] = damaged;
  if (!first) return;
  throw new AgorError(
    'storage',
    `${path} has rows that were changed on the disk (${first.table} ${first.rowid}); nothing was changed. Run "agor recover" first.`,
  );
}

/** The mark and the witness say of the new file what they said of the old one. */
export function takeAlong(path: string, targetDir: string): void {
  for (const file of [markPath(path), witnessPath(path)]) {
    if (!existsSync(file)) continue;
    const copy = join(targetDir, basename(file));
    copyFileSync(file, copy);
    syncFile(copy);
  }
}

/** Undefined while there is none yet. */
export function bytesOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

function contents(db: Database.Database) {
  return { schema: schemaVersion(db), incrementsTo: nextNumbers(db), rows: tableCounts(db) };
}

/** Numbers that are never given twice go on behind these. */
function nextNumbers(db: Database.Database): unknown[] {
  const has = db.prepare("select 1 from sqlite_schema where name = 'sqlite_sequence'").get() !== undefined;
  return has ? db.prepare('select name, seq from sqlite_sequence order by name').all() : [];
}

function opened<T>(path: string, options: Database.Options, use: (db: Database.Database) => T): T {
  try {
    const nativeBinding = nativeBindingPath();
    const db = new Database(path, { fileMustExist: true, ...options, ...(nativeBinding ? { nativeBinding } : {}) });
    try {
      return use(db);
    } finally {
      db.close();
    }
  } catch (error) {
    throw asStorageError(error, dirname(path));
  }
}
