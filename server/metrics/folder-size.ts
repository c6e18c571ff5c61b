/** How much is in a folder. Links are not followed, so nothing outside is counted, and a ring of links ends. */
import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

export type FolderSize = { readonly bytes: number; readonly isWhole: boolean };

/** One after the other, so that others get their turn in between and the disk is not flooded; `mostFiles` bounds it. */
export async function folderSize(folder: string, mostFiles: number): Promise<FolderSize> {
  const waiting = [folder];
  let [bytes, files] = [0, 0];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for await (const entry of entriesOf(next)) {
      files += 1;
      if (files > mostFiles) return { bytes, isWhole: false };
      const path = join(next, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) bytes += await fileSize(path);
    }
  }
  return { bytes, isWhole: true };
}

/** 0 for what is not there, is no file, or went away meanwhile. */
export async function fileSize(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? found.size : 0;
}

/** Nothing for a folder that is not there or cannot be read. */
async function* entriesOf(folder: string): AsyncGenerator<Dirent> {
  const found = await lstat(folder).catch(() => undefined);
  if (!found?.isDirectory()) return;
  try {
    yield* await opendir(folder);
  } catch {
    // It went away, or is another user's: what was counted of it stands.
  }
}
