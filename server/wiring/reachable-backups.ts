/** Whether agents can reach where backups go, which hold everything that was ever said, and what a restore begins with. Pure. */
import { resolve } from 'node:path';
import { isWithin } from '../sandbox/resolved-path.ts';

/** `given`: the folders that agents may read or write. Undefined where none of them has the backups in it. */
export function reachableBackups(folder: string, given: readonly string[]): string | undefined {
  const place = given.find((path) => isWithin(resolve(folder), path));
  if (place === undefined) return undefined;
  return `Backups go to ${folder}, where agents can read and perhaps change them, because it lies in ${place}. Choose another folder (backup.folder).`;
}
