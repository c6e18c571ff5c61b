/** Keeps a copy of what is damaged, as it was found, before anything else touches it. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { markPath, witnessPath } from './high-water-mark.ts';

const keptCopies = 5;

/**
 * Copies the database, its log and its mark into a folder of their own; returns the folder, or null when the disk did not
 * take the copy. Never of a file that this process has open: closing the copy's source would drop SQLite's locks.
 */
export function quarantine(path: string, quarantineDir: string, at: Date): string | null {
  const name = basename(path);
  const folder = join(quarantineDir, `${name}-${at.toISOString().replaceAll(/[:.]/g, '-')}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const file of databaseFiles(path)) if (existsSync(file)) copyFileSync(file, join(folder, basename(file)));
    forgetOldest(quarantineDir, `${name}-`);
    return folder;
  } catch {
    // What was found is left as it is all the same; the caller says that there is no copy.
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
}

/** All that belongs to one database. */
export function databaseFiles(path: string): string[] {
  return [path, `${path}-wal`, `${path}-shm`, markPath(path), witnessPath(path)];
}

/** Each start that finds the same damage makes a copy; the first ones show it best, the newest are the rest. */
function forgetOldest(dir: string, prefix: string): void {
  const copies = readdirSync(dir)
    .filter((name) => name.startsWith(prefix))
    .sort();
  for (const name of copies.slice(1, -(keptCopies - 1))) rmSync(join(dir, name), { recursive: true, force: true });
}
