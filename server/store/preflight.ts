/**
 * Looks at a database before it is opened for good, because opening it would hide what was lost: SQLite drops what
 * follows a damaged frame of the log, and overwrites it with the next commit.
 */
import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { asStorageError } from '../base/storage-error.ts';
import { AgorError } from '../protocol/errors.ts';
import { HighWaterMark, savedMark } from './high-water-mark.ts';
import { nativeBindingPath } from './native-binding.ts';
import { quarantine } from './quarantine.ts';
import { walDamage } from './wal-damage.ts';

/** Rows against indexes, as much as takes a tenth of a second; pages alone, as much as takes a quarter. Of a larger file only the newest rows are looked at, by their hashes. */
const checkedBytes = { whole: 64 * 1024 * 1024, pages: 256 * 1024 * 1024 };
const saidChars = 120;

export type PreflightOptions = { readonly quarantineDir: string; readonly now: () => Date };

/** Throws `storage`, naming the copy that was kept and what to do, when commits are missing or the file is damaged. */
export function preflight(path: string, options: PreflightOptions): void {
  if (!existsSync(path) || statSync(path).size === 0) return;
  const found = findLoss(path);
  if (found !== undefined) throw refusal(path, found, options);
}

/** A phrase that follows the path; undefined when all is there. The file must exist, and nobody may have it open. */
export function findLoss(path: string): string | undefined {
  return lostCommits(path) ?? damage(path);
}

/** The sentence for what was found, with the copy and the way out. */
export function refusal(path: string, found: string, { quarantineDir, now }: PreflightOptions): AgorError {
  const copy = quarantine(path, quarantineDir, now());
  const kept = copy === null ? 'No copy could be made of it; free some space before anything else' : `A copy is in ${copy}`;
  return new AgorError(
    'storage',
    `${path} ${found}. ${kept}. Run "agor recover" to see what can be restored; nothing is changed until you choose.`,
  );
}

function lostCommits(path: string): string | undefined {
  const wrong = walDamage(`${path}-wal`);
  return wrong && `has a damaged write-ahead log: ${wrong}`;
}

/**
 * Read-only, so that closing it neither checkpoints the log nor removes it. Beside a rollback journal there is no log yet:
 * its making was cut short, and only who may write can take back what was begun.
 */
function damage(path: string): string | undefined {
  try {
    const nativeBinding = nativeBindingPath();
    const db = new Database(path, { readonly: !existsSync(`${path}-journal`), ...(nativeBinding ? { nativeBinding } : {}) });
    try {
      return behindMark(db) ?? brokenPages(db);
    } finally {
      db.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('SQLITE_NOTADB')) return 'is damaged or is no database';
    if (code.startsWith('SQLITE_CORRUPT')) return 'is damaged';
    throw asStorageError(error, path);
  }
}

/** SQLite fills up a page that was cut short, and would stumble over a broken one only when something is read from it. */
function brokenPages(db: Database.Database): string | undefined {
  const { size } = statSync(db.name);
  const isLogEmpty = (statSync(`${db.name}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
  if (isLogEmpty && size % Number(db.pragma('page_size', { simple: true })) > 0) return 'is damaged (its last page was cut short)';
  if (size > checkedBytes.pages) return undefined;
  const answer = String(db.pragma(size > checkedBytes.whole ? 'quick_check(1)' : 'integrity_check(1)', { simple: true }));
  return answer === 'ok' ? undefined : `is damaged (${answer.replaceAll(/\s+/g, ' ').slice(0, saidChars)})`;
}

function behindMark(db: Database.Database): string | undefined {
  const isCounted = db.prepare("select 1 from sqlite_schema where name = 'high_water'").get() !== undefined;
  const missing = isCounted ? new HighWaterMark(db).missing() : (savedMark(db.name)?.commits ?? 0);
  return missing > 0 ? `has lost its last ${missing} commits` : undefined;
}
