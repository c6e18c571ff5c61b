/**
 * What a person can do about a database that cannot be used: put a backup in its place, keep what can be read, or go on
 * without what was lost. Each keeps a copy of what was there first. The caller owns the data directory and has nothing open.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';
import { AgorError } from '../protocol/errors.ts';
import { allDamagedRows, type DamagedRow } from './damaged-rows.ts';
import { markPath, witnessPath } from './high-water-mark.ts';
import { checkWhole, type Migration, schemaVersion } from './migrate.ts';
import { nativeBindingPath } from './native-binding.ts';
import { findLoss } from './preflight.ts';
import { databaseFiles, quarantine } from './quarantine.ts';
import { type Salvaged, salvage } from './salvage.ts';
import { withFittingChecksums } from './wal-damage.ts';

export type Place = {
  readonly path: string;
  readonly migrations: readonly Migration[];
  readonly backupDir: string;
  readonly quarantineDir: string;
};

export type Backup = { readonly file: string; readonly bytes: number; readonly madeAt: number };
export type Finding = {
  readonly path: string;
  readonly problem: string | null;
  /** Rows that the disk, or somebody with the file in hand, changed: the database can be used, and reads them as they are. */
  readonly changedRows: readonly DamagedRow[];
  readonly backups: readonly Backup[];
};

/** `problem` is a phrase that follows the path; null when the database can be used. */
export function inspect({ path, backupDir }: Place): Finding {
  const problem = problemOf(path);
  return { path, problem, changedRows: problem === null ? changedRows(path) : [], backups: backupsOf(path, backupDir) };
}

function changedRows(path: string): DamagedRow[] {
  if (!existsSync(path) || statSync(path).size === 0) return [];
  const db = open(path, { readonly: true });
  try {
    return allDamagedRows(db).damaged;
  } finally {
    db.close();
  }
}

/** Throws `notFound` or `storage` when the backup is none, is not whole, or is of a newer version; nothing is changed then. */
export function restore(place: Place, backup: string, at: Date): { readonly copy: string } {
  const file = existsSync(backup) ? backup : join(place.backupDir, backup);
  if (!existsSync(file)) throw new AgorError('notFound', `There is no backup ${backup}. "agor recover" lists those there are.`);
  requireUsable(file, place);
  const copy = setAside(place, at);
  const temporary = `${place.path}.restoring`;
  copyFileSync(file, temporary);
  replace(place.path, temporary);
  return { copy };
}

/** What can be read is kept, in a new file of the newest schema. */
export function keepReadable(place: Place, at: Date): { readonly copy: string; readonly tables: readonly Salvaged[] } {
  if (!existsSync(place.path)) throw new AgorError('notFound', `${place.path} is not there: nothing can be read out of it.`);
  const copy = setAside(place, at);
  const temporary = `${place.path}.salvaging`;
  rmSync(temporary, { force: true });
  const source = workingCopy(copy, basename(place.path));
  const tables = salvage(source, temporary, place.migrations);
  rmSync(dirname(source), { recursive: true });
  if (tables.every(({ kept }) => kept === 0)) refuseEmpty(place.path, temporary);
  replace(place.path, temporary);
  return { copy, tables };
}

/** An empty database in its place would look as if there had never been anything. */
function refuseEmpty(path: string, temporary: string): never {
  rmSync(temporary, { force: true });
  throw new AgorError(
    'storage',
    `Nothing can be read out of ${path}, so nothing was changed. Restore a backup; or, to start afresh, move it and ${markPath(path)} away.`,
  );
}

/** Beside what was set aside, which stays as it was found: with a log whose damaged frames are read over. */
function workingCopy(copy: string, name: string): string {
  const dir = join(copy, 'working');
  mkdirSync(dir);
  const path = join(dir, name);
  copyFileSync(join(copy, name), path);
  const wal = join(copy, `${name}-wal`);
  if (existsSync(wal)) writeFileSync(`${path}-wal`, withFittingChecksums(readFileSync(wal), pageBytes(path)));
  return path;
}

/** As its header says; 1 stands for 65,536 there. */
function pageBytes(path: string): number {
  const header = Buffer.alloc(18);
  const file = openSync(path, 'r');
  readSync(file, header, 0, header.length, 0);
  closeSync(file);
  const said = header.readUInt16BE(16);
  return said === 1 ? 65_536 : said || 4_096;
}

/** Goes on with what SQLite still reads; what the log or the mark knew of besides is given up. */
export function acceptLoss(place: Place, at: Date): { readonly copy: string } {
  const copy = setAside(place, at);
  if (existsSync(place.path)) dropLog(place.path);
  for (const file of [markPath(place.path), witnessPath(place.path)]) rmSync(file, { force: true });
  return { copy };
}

function dropLog(path: string): void {
  try {
    const db = open(path, {});
    db.pragma('wal_checkpoint(truncate)');
    db.close();
  } catch (error) {
    throw asStorageError(error, path);
  }
}

function problemOf(path: string): string | null {
  if (!existsSync(path) || statSync(path).size === 0) return existsSync(markPath(path)) ? 'is gone or empty, but it held data' : null;
  return findLoss(path) ?? null;
}

function backupsOf(path: string, backupDir: string): Backup[] {
  if (!existsSync(backupDir)) return [];
  const names = readdirSync(backupDir).filter((name) => name.startsWith(`${basename(path)}.`) && !name.endsWith('.tmp'));
  const backups = names.map((name) => {
    const { size: bytes, mtimeMs } = statSync(join(backupDir, name));
    return { file: name, bytes, madeAt: Math.round(mtimeMs) };
  });
  return backups.sort((left, right) => right.madeAt - left.madeAt);
}

function requireUsable(file: string, { migrations }: Place): void {
  checkWhole(file);
  const db = open(file, { readonly: true });
  const [found, known] = [schemaVersion(db), migrations.at(-1)?.version ?? 0];
  db.close();
  if (found > known) throw new AgorError('storage', `${file} is of a newer version (its schema is ${found}, this version knows ${known}).`);
}

function open(path: string, options: Database.Options): Database.Database {
  const nativeBinding = nativeBindingPath();
  return new Database(path, { ...options, ...(nativeBinding ? { nativeBinding } : {}) });
}

function setAside({ path, quarantineDir }: Place, at: Date): string {
  const copy = quarantine(path, quarantineDir, at);
  if (copy === null)
    throw new AgorError('storage', `No copy of ${path} could be made in ${quarantineDir}, so nothing was changed. Free some space.`);
  return copy;
}

/** Its log and its mark belonged to what was there before. */
function replace(path: string, temporary: string): void {
  for (const file of databaseFiles(path)) rmSync(file, { force: true });
  renameSync(temporary, path);
}
