/**
 * Opens an SQLite file the one way this product does: WAL, the stated durability checked rather than believed,
 * migrations after a checked backup, and a refusal of what a newer version wrote.
 */
import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';
import { AgorError } from '../protocol/errors.ts';
import { markPath } from './high-water-mark.ts';
import { becomeIncremental, beIncremental } from './incremental-vacuum.ts';
import { type Migration, migrate, schemaVersion } from './migrate.ts';
import { nativeBindingPath } from './native-binding.ts';

export type { Database } from 'better-sqlite3';
export type { Migration } from './migrate.ts';

export type OpenOptions = {
  /** `full`: a commit is on disk when it returns. `normal`: for what can be rebuilt. */
  readonly durability: 'full' | 'normal';
  readonly migrations: readonly Migration[];
  /** Where the backup before a migration goes; without it none is made (a file that can be rebuilt). */
  readonly backupDir?: string;
  /** One that is as good was made just now. */
  readonly isBackedUp?: boolean;
  /** How long another process may hold the file before this one gives up. */
  readonly busyTimeoutMs?: number;
};

const synchronousLevel = { normal: 1, full: 2 } as const;
const defaultBusyTimeoutMs = 5_000;
const journalSizeLimitBytes = 16 * 1024 * 1024;
/** SQLite's own 16 MiB for each connection fill up within minutes of work; what is read again is also in the system's cache. */
export const recordCacheKib = 4_096;

export function openDatabase(path: string, options: OpenOptions): Database.Database {
  const isNew = !existsSync(path) || statSync(path).size === 0;
  if (isNew) refuseVanished(path);
  const db = open(path, options.busyTimeoutMs ?? defaultBusyTimeoutMs);
  try {
    if (isNew) beIncremental(db);
    configure(db, options.durability);
    requireWritable(db);
    refuseNewer(db, path, options.migrations);
    const backupDir = options.isBackedUp ? undefined : options.backupDir;
    if (migrate(db, { path, isNew, migrations: options.migrations, backupDir })) becomeIncremental(db);
    return db;
  } catch (error) {
    db.close();
    throw asStorageError(error, path);
  }
}

function open(path: string, timeout: number): Database.Database {
  try {
    const nativeBinding = nativeBindingPath();
    return new Database(path, { timeout, ...(nativeBinding ? { nativeBinding } : {}) });
  } catch (error) {
    throw asStorageError(error, path);
  }
}

/** Setting WAL silently lowers `synchronous` in this build of SQLite, so it is set afterwards and read back. */
function configure(db: Database.Database, durability: OpenOptions['durability']): void {
  const mode = db.pragma('journal_mode = wal', { simple: true });
  if (mode !== 'wal') throw new AgorError('storage', `The database ${db.name} cannot use a write-ahead log (it answers "${mode}").`);
  db.pragma(`synchronous = ${durability}`);
  db.pragma('foreign_keys = on');
  if (durability === 'full') db.pragma(`cache_size = -${recordCacheKib}`);
  db.pragma(`journal_size_limit = ${journalSizeLimitBytes}`);
  const level = db.pragma('synchronous', { simple: true });
  if (level !== synchronousLevel[durability]) {
    throw new AgorError('storage', `The database ${db.name} does not keep synchronous=${durability} (it answers ${level}).`);
  }
}

/** SQLite opens what may not be written as if nothing were, and refuses each write later. Nothing is written here. */
function requireWritable(db: Database.Database): void {
  db.exec(`begin immediate; pragma user_version = ${schemaVersion(db)}; rollback`);
}

/** An empty file opens as a new database; when its mark says that it held data, that would hide a loss. */
function refuseVanished(path: string): void {
  if (!existsSync(markPath(path))) return;
  throw new AgorError(
    'storage',
    `${path} is gone or empty, but it held data. Run "agor recover" to restore a backup; or, to start afresh, remove ${markPath(path)} as well.`,
  );
}

function refuseNewer(db: Database.Database, path: string, migrations: readonly Migration[]): void {
  const found = schemaVersion(db);
  const known = migrations.at(-1)?.version ?? 0;
  if (found <= known) return;
  throw new AgorError(
    'storage',
    `${path} was made by a newer version (its schema is ${found}, this version knows ${known}). Use the newer version: "agor upgrade status" names it. To go on with this one, put a backup from before in its place with "agor recover".`,
  );
}
