/** Folders in the shared temporary folder that a killed process of ours left there. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Removes those of ours whose path begins with `prefix` and that nobody touched for `untouchedMs`. Never throws. */
export function removeStaleFolders(prefix: string, untouchedMs: number): void {
  const dir = dirname(prefix);
  for (const name of namesIn(dir).filter((name) => name.startsWith(basename(prefix)))) removeStale(join(dir, name), untouchedMs);
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    // A temporary folder that cannot be listed has nothing that we could remove.
    return [];
  }
}

function removeStale(path: string, untouchedMs: number): void {
  try {
    const { uid, mtimeMs } = statSync(path);
    if (uid === process.getuid?.() && Date.now() - mtimeMs >= untouchedMs) rmSync(path, { recursive: true, force: true });
  } catch {
    // Gone meanwhile, or somebody else's: neither is ours to remove.
  }
}
