/** Brings what was renamed or made in a folder to the disk: without it, a file is there and its name may be gone after a power cut. */
import { closeSync, fsyncSync, openSync } from 'node:fs';

export function syncFolder(path: string): void {
  // Windows has no such thing, and keeps names in order by itself.
  if (process.platform !== 'win32') syncFile(path);
}

export function syncFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
