/** Brings a database to the newest schema: all steps in one transaction, after a backup that was opened and checked. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { AgorError } from '../protocol/errors.ts';
import { nativeBindingPath } from './native-binding.ts';

export type Migration = {
  /** Counts from 1 without gaps; kept in `user_version`. */
  readonly version: number;
  readonly name: string;
  readonly up: (db: Database.Database) => void;
};

type Plan = {
  readonly path: string;
  readonly isNew: boolean;
  readonly migrations: readonly Migration[];
  readonly backupDir: string | undefined;
};

export function schemaVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Whether anything was to be done. */
export function migrate(db: Database.Database, plan: Plan): boolean {
  const from = schemaVersion(db);
  const due = plan.migrations.filter((migration) => migration.version > from);
  if (due.length === 0) return false;
  if (!plan.isNew && from > 0 && plan.backupDir) backUpChecked(db, plan.path, plan.backupDir, from);
  apply(db, due);
  return true;
}

/** One that fails leaves the database as it was, so that the version before can still use it. */
function apply(db: Database.Database, due: readonly Migration[]): void {
  db.transaction(() => {
    for (const { up } of due) up(db);
    db.pragma(`user_version = ${due.at(-1)?.version}`);
  }).immediate();
}

/** The copy gets its name only after it was opened and found whole; `vacuum into` reads through SQLite's own locks. */
function backUpChecked(db: Database.Database, path: string, backupDir: string, version: number): void {
  mkdirSync(backupDir, { recursive: true, mode: 0o700 });
  const target = join(backupDir, `${basename(path)}.schema-${version}`);
  const temporary = `${target}.tmp`;
  rmSync(temporary, { force: true });
  db.prepare('vacuum into ?').run(temporary);
  checkWhole(temporary);
  renameSync(temporary, target);
}

/** Throws `storage` when the file is no whole database. */
export function checkWhole(path: string): void {
  const nativeBinding = nativeBindingPath();
  const copy = new Database(path, { readonly: true, ...(nativeBinding ? { nativeBinding } : {}) });
  try {
    const answer = copy.pragma('integrity_check', { simple: true });
    if (answer !== 'ok') throw new AgorError('storage', `The backup ${path} is not whole (${answer}); nothing was changed.`);
  } finally {
    copy.close();
  }
}
