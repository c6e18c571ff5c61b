/** Copies a backup into a folder, as a data directory that a backend could begin with. */
import { constants, copyFileSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { asStorageError } from '../base/storage-error.ts';
import { syncFile } from '../base/sync-folder.ts';
import type { Backup } from '../protocol/backup.ts';
import { AgorError } from '../protocol/errors.ts';

/** What SQLite needs besides, to open and migrate it. */
const spareBytes = 16 * 1024 * 1024;

/** The folder must not be there yet. Throws `storage` when there is no room for it. */
export function bringBack({ path, files, bytes }: Backup, folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    requireRoom(folder, bytes + spareBytes);
    for (const { name } of files) {
      const target = join(folder, name);
      copyFileSync(join(path, name), target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      syncFile(target);
    }
  } catch (error) {
    throw asStorageError(error, folder);
  }
}

/** Throws `storage`, with both figures. */
export function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  throw new AgorError(
    'storage',
    `${folder} has room for ${mib(bavail * bsize)} MiB and ${mib(bytes)} MiB are needed. Free some space, or choose another folder.`,
  );
}

function mib(bytes: number): number {
  return Math.ceil(bytes / (1024 * 1024));
}
