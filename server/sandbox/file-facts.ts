/** The few facts about files that decide what an agent may see. Reads only, and never throws. */
import { accessSync, closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';

export type FileFacts = {
  /** Without a symbolic link in it; null when nothing is there. */
  realPath(path: string): string | null;
  /** Of what a link leads to; null when nothing is there. */
  kind(path: string): 'file' | 'folder' | 'other' | null;
  /** The beginning of a regular file; null of anything else. */
  text(path: string): string | null;
  /** Names in a folder, at most a thousand; none when it cannot be listed. */
  names(path: string): readonly string[];
  canRead(path: string): boolean;
};

const maxTextBytes = 65_536;
const maxNames = 1_000;

export const fileFacts: FileFacts = {
  realPath: (path) => orNull(() => realpathSync(path)),
  kind: (path) => orNull(() => kindOf(path)),
  text: (path) => orNull(() => beginningOf(path)),
  names: (path) => orNull(() => readdirSync(path).slice(0, maxNames)) ?? [],
  canRead: (path) => orNull(() => accessSync(path, constants.R_OK) ?? true) ?? false,
};

function kindOf(path: string): 'file' | 'folder' | 'other' {
  const place = statSync(path);
  if (place.isDirectory()) return 'folder';
  return place.isFile() ? 'file' : 'other';
}

/** Without waiting: an agent may have put a pipe there, which nobody writes to. */
function beginningOf(path: string): string | null {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) return null;
    const bytes = Buffer.alloc(maxTextBytes);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, maxTextBytes, 0));
  } finally {
    closeSync(file);
  }
}

/** What cannot be looked at is as good as missing: nothing is given because of it. */
function orNull<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
